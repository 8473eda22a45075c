"""Raw facts go when they are old or too many: archived first, by whole buckets, never before their roll-ups stand."""
