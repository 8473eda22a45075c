"""What the pages of interactions show of scores: see interactions/reading/opinions.py."""
