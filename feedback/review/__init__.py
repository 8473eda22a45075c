"""People look at answers: which are drawn, who has which one, what they say, and how far they and the judges agree."""
