"""Evaluations of many answers: asked for, planned, carried out group by group within budgets, tried again, repeated.

What the database holds is all that is known: whoever dies, the next run goes on from the progress that was written.
"""
