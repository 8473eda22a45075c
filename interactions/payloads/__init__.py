"""Long texts, apart from the narrow rows: packed into blocks (`frames`), read where somebody wants them (`read`).

What blocks share (`repeats`) lies beside them (`shared`) until none of them needs it: blocks shrink (`rewrite`) and go.
"""
