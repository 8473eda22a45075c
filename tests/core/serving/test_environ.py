"""The environ that Django sees."""

import pytest
from django.core.handlers.wsgi import WSGIRequest

from observatory.core.serving.environ import environ_of


def environ(body=b"", **scope):
    headers = [(name.lower().encode(), value.encode()) for name, value in scope.pop("headers", [])]
    return environ_of({"method": "POST", "path": "/", "headers": headers, **scope}, body)


def test_the_length_is_that_of_the_body_and_not_the_declared_one():
    assert environ(b"four", headers=[("Content-Length", "999")])["CONTENT_LENGTH"] == "4"


def test_a_chunked_body_has_a_length_too():
    found = environ(b"four", headers=[("Transfer-Encoding", "chunked")])
    assert found["CONTENT_LENGTH"] == "4"
    assert "HTTP_TRANSFER_ENCODING" not in found


def test_a_name_with_an_underscore_is_dropped():
    found = environ(headers=[("X_Forwarded_Proto", "https"), ("X-Forwarded-Proto", "http")])
    assert found["HTTP_X_FORWARDED_PROTO"] == "http"


def test_repeated_headers_are_joined():
    found = environ(headers=[("Accept", "a"), ("Accept", "b"), ("Cookie", "c=1"), ("Cookie", "d=2")])
    assert (found["HTTP_ACCEPT"], found["HTTP_COOKIE"]) == ("a,b", "c=1; d=2")


@pytest.mark.parametrize(
    ("raw", "path"), [(b"/caf%C3%A9", "/café"), (b"/a%2Fb", "/a/b"), (b"/%FF", "/%FF"), (b"/x?y=1", "/x")]
)
def test_django_reads_the_path_that_was_sent(raw, path):
    assert WSGIRequest(environ(raw_path=raw)).path == path


def test_a_prefix_is_told_apart_from_the_path():
    found = environ(raw_path=b"/base/admin/", root_path="/base")
    assert (found["SCRIPT_NAME"], found["PATH_INFO"]) == ("/base", "/admin/")


def test_django_reads_query_body_and_addresses():
    scope = {"query_string": b"q=1", "client": ("192.0.2.7", 1), "server": ("h", 81), "scheme": "https"}
    request = WSGIRequest(environ(b"body", headers=[("Content-Type", "text/plain")], **scope))
    assert (request.GET["q"], request.body, request.content_type) == ("1", b"body", "text/plain")
    assert (request.META["REMOTE_ADDR"], request.META["SERVER_PORT"], request.scheme) == ("192.0.2.7", "81", "https")
