"""The doors of the interactions app: parse, call one function, answer."""
