"""The metrics as an API: the catalogue, and one metric through time."""
