import observatory.projects.origin_list
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('projects', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='project',
            name='allowed_origins',
            field=models.JSONField(blank=True, default=list, help_text='Origins of web pages that may send browser metrics, one a line: https://app.example.com, or "*" for any.', validators=[observatory.projects.origin_list.validate_origins]),
        ),
    ]
