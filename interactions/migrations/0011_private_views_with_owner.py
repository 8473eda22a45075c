from django.conf import settings
from django.db import migrations, models

import interactions.models.saved_view


def delete_private_without_owner(apps, schema_editor):
    """Nobody could see them any more."""
    apps.get_model("interactions", "SavedView").objects.filter(owner=None, is_shared=False).delete()


class Migration(migrations.Migration):

    dependencies = [
        ('interactions', '0010_trace_notes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='savedview',
            name='owner',
            field=models.ForeignKey(
                null=True, on_delete=interactions.models.saved_view.with_owner, related_name='+', to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.RunPython(delete_private_without_owner, migrations.RunPython.noop),
    ]
