"""Panels: a question about an application, answered with figures, a chart, a table and words.

A panel knows no request and no page: a board on the screen and a report on paper ask it the same.
"""
