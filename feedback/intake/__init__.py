"""Scores that others send: applications, Langfuse's SDKs, evaluation events of OpenTelemetry, feedback of web pages."""
