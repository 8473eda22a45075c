"""Observatory: the back office of an LLM application."""
