"""Charts, declared once as Vega-Lite: the browser draws them (static/charts/chart.js), the worker too (drawing.py).

A specification has no colours: its marks carry styles, and each medium brings its own table of colours.
"""
