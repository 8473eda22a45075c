import django.db.models.deletion
from django.db import migrations, models

# Whoever asked on a day has a row that waits to be computed.
POSTGRESQL = (
    "INSERT INTO interactions_userday (project_id, user_id, day) SELECT DISTINCT project_id, user_id, "
    "(asked_at AT TIME ZONE 'UTC')::date FROM interactions_interaction WHERE user_id <> '' ORDER BY 3"
)
SQLITE = (
    "INSERT INTO interactions_userday (project_id, user_id, day) SELECT DISTINCT project_id, user_id, date(asked_at) "
    "FROM interactions_interaction WHERE user_id <> '' ORDER BY 3"
)


def mark_days(apps, schema_editor):
    schema_editor.execute(POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE)


class Migration(migrations.Migration):
    dependencies = [
        ("interactions", "0008_saved_views_and_failed"),
        ("projects", "0003_retention_and_hold"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("session_id", ""), _negated=True),
                fields=["project", "session_id", "occurred_at"],
                name="event_by_session",
            ),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("user_id", ""), _negated=True),
                fields=["project", "user_id", "occurred_at"],
                name="event_by_user",
            ),
        ),
        migrations.CreateModel(
            name="UserDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("user_id", models.CharField(max_length=128)),
                ("day", models.DateField()),
                ("is_stale", models.BooleanField(db_default=True, default=True)),
                ("requests", models.IntegerField(db_default=0, default=0)),
                ("errors", models.IntegerField(db_default=0, default=0)),
                ("sessions", models.IntegerField(db_default=0, default=0)),
                ("slow", models.IntegerField(db_default=0, default=0)),
                ("timed", models.IntegerField(db_default=0, default=0)),
                ("latency_ms", models.FloatField(db_default=0, default=0)),
                ("rated", models.IntegerField(db_default=0, default=0)),
                ("confidence", models.FloatField(db_default=0, default=0)),
                ("priced", models.IntegerField(db_default=0, default=0)),
                ("unpriced", models.IntegerField(db_default=0, default=0)),
                ("cost_usd", models.FloatField(db_default=0, default=0)),
                ("input_tokens", models.BigIntegerField(db_default=0, default=0)),
                ("output_tokens", models.BigIntegerField(db_default=0, default=0)),
                ("first_at", models.DateTimeField(null=True)),
                ("last_at", models.DateTimeField(null=True)),
                (
                    "project",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="projects.project",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["project", "day"], name="user_day_by_day"),
                    models.Index(condition=models.Q(("is_stale", True)), fields=["id"], name="user_day_stale"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("project", "user_id", "day"), name="user_day_once"),
                ],
            },
        ),
        migrations.RunPython(mark_days, migrations.RunPython.noop),
    ]
