"""The only readers of interactions and traces: the API and the admin show what these return."""
