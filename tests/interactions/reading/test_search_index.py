"""The index of words, as the migrations leave it."""

import pytest
from django.db import connection

STATEMENTS = {
    "postgresql": ("SELECT indexdef FROM pg_indexes WHERE indexname = 'search_by_word'", "(gin_pending_list_limit='512')"),
    "sqlite": ("SELECT sql FROM sqlite_master WHERE name = 'interactions_search'", "USING fts5"),
}


@pytest.mark.django_db
def test_words_are_indexed_and_new_ones_wait_in_a_short_list(store):
    statement, part = STATEMENTS[store]
    with connection.cursor() as cursor:
        cursor.execute(statement)
        assert part in cursor.fetchone()[0]
