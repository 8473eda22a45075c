"""OpenTelemetry over HTTP: bytes of a request to records, in every dialect that is spoken about language models."""
