"""The five applications, one file each: how a turn of theirs becomes spans, interactions and events."""
