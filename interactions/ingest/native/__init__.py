"""The native API: JSON objects in the names of the reference, to records."""
