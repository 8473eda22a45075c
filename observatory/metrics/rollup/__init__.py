"""From facts to buckets of a minute, from these to coarser ones: recomputed and replaced, never added to."""
