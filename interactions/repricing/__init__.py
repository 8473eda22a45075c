"""Pricing the calls of a period anew: counted first, confirmed, carried out in batches, and kept as a record.

Facts do not change: costs that the client gave stand, and so do those whose facts were deleted.
"""
