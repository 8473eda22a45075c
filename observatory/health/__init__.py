"""How Observatory is, for whoever restarts, routes or looks."""
