"""Files of records, read line by line: JSON Lines, CSV and TSV in the columns of a known format, to native JSON objects.

From there they go the way of the API. To add a format, write one file with its declaration and name it in formats.py.
"""
