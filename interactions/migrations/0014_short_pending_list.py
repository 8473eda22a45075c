from django.db import migrations

CHANGE = "ALTER INDEX IF EXISTS search_by_word {}"


def alter(action):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(CHANGE.format(action))

    return run


class Migration(migrations.Migration):
    """New words wait in a list that every search reads whole, and whose pages the index keeps: of 4 MB without this."""

    dependencies = [
        ("interactions", "0013_recent_rates"),
    ]

    operations = [
        migrations.RunPython(alter("SET (gin_pending_list_limit = 512)"), alter("RESET (gin_pending_list_limit)")),
    ]
