from hashlib import blake2b

import orjson
from django.db import migrations, models


def shorten(apps, schema_editor):
    series = apps.get_model("metrics", "Series")
    for row in series.objects.only("id", "labels").iterator():
        key = blake2b(orjson.dumps(list(row.labels)), digest_size=16).hexdigest()
        series.objects.filter(pk=row.pk).update(labels_key=key)


class Migration(migrations.Migration):
    dependencies = [("metrics", "0003_size_samples")]

    operations = [
        migrations.RunPython(shorten, migrations.RunPython.noop),
        migrations.AlterField("series", "labels_key", models.CharField(editable=False, max_length=32)),
    ]
