"""The screen of the interactions: one file a page."""

from interactions.admin.prices import PriceAdmin

__all__ = ["PriceAdmin"]
