"""The prices that one of the five teams runs with: the first rows of the price book."""

from datetime import UTC, datetime
from decimal import Decimal

from django.db import migrations

FIRST_PRICES = (
    ("gemini-1.5-pro", "0.125", "0.375"),
    ("gemini-1.5-flash", "0.075", "0.30"),
    ("embedding-001", "0.01", "0"),
)


def add_prices(apps, schema_editor):
    price = apps.get_model("interactions", "Price")
    ever = datetime(2000, 1, 1, tzinfo=UTC)
    for model, input_price, output_price in FIRST_PRICES:
        price.objects.get_or_create(
            model=model, provider="", valid_from=ever, defaults={"input": Decimal(input_price), "output": Decimal(output_price)}
        )


class Migration(migrations.Migration):
    dependencies = [("interactions", "0002_store_layout")]
    operations = [migrations.RunPython(add_prices, migrations.RunPython.noop)]
