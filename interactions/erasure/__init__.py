"""Forgetting a user or a session: facts, texts, search, archives; what is left is a receipt."""
