"""The kinds of raw data: what retention, the archive and erasure have in common."""
