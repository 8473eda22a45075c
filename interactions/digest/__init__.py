"""From stale marks to what is derived: assembled interactions, prices, the search index.

Everything here is recomputed from facts, so a rerun changes nothing; retries, late spans and crashes are one case.
"""
