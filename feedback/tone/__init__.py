"""How comments sound: told in the worker, after they are stored."""
