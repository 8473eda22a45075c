"""From the ASGI server to Django: bodies are read in the event loop, views run in a fixed pool of threads."""
