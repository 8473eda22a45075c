"""Which confidence is low (ledger R7): one limit for lists, pages, metrics, panels and the review queue."""

from django.conf import settings

LOW_CONFIDENCE: float = settings.OBSERVATORY["OBSERVATORY_LOW_CONFIDENCE"]
