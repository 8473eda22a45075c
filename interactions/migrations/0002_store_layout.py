"""What the ORM cannot say: the full-text table of each store, and texts that PostgreSQL need not compress again."""

from django.db import migrations

POSTGRESQL = (
    "ALTER TABLE interactions_payload ALTER COLUMN body SET STORAGE EXTERNAL",
    "CREATE TABLE interactions_search (interaction_id bigint PRIMARY KEY, words text NOT NULL)",
    "CREATE INDEX search_by_word ON interactions_search USING gin (to_tsvector('simple', words))",
)
SQLITE = ("CREATE VIRTUAL TABLE interactions_search USING fts5(words, detail=none, columnsize=0)",)


def lay_out(apps, schema_editor):
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def undo(apps, schema_editor):
    schema_editor.execute("DROP TABLE interactions_search")


class Migration(migrations.Migration):
    dependencies = [("interactions", "0001_initial")]
    operations = [migrations.RunPython(lay_out, undo)]
