"""How OpenAPI describes the keys."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension

WAYS: dict[str, dict[str, Any]] = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "`Authorization: Bearer KEY`. The key alone (`Authorization: KEY`) is understood too.",
    },
    "basic": {
        "type": "http",
        "scheme": "basic",
        "description": "`Authorization: Basic base64(anything:KEY)`: the key is the password, the user name is free.",
    },
    "apiKey": {"type": "apiKey", "in": "header", "name": "x-api-key", "description": "`x-api-key: KEY`."},
}


class KeyScheme(OpenApiAuthenticationExtension):
    """Any one of the ways is enough. Whoever writes the document loads it; the class registers itself."""

    target_class = "observatory.projects.auth.KeyAuthentication"
    name = list(WAYS)

    def get_security_definition(self, auto_schema: Any) -> list[dict[str, Any]]:
        return list(WAYS.values())

    def get_security_requirement(self, auto_schema: Any) -> list[dict[str, list[Any]]]:
        return [{way: []} for way in WAYS]
