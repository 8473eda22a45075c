"""Demo data: five small applications as their clients would send them, made up from a fixed seed.

Nothing here is real: questions, answers, people, times and numbers are invented. What an application is asked and
answers lies in content/, one file an application; how it works (its spans, interactions, events) in apps/.
"""
