"""The HTTP middlewares: one `http.request` event for each request, by template and not by path (T2)."""

import asyncio
from types import SimpleNamespace as Some

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from observatory_client import default
from observatory_client.asgi import ObservatoryASGI
from observatory_client.django_middleware import ObservatoryDjango
from observatory_client.http_request import template_of
from observatory_client.wsgi import ObservatoryWSGI

ADMIN, USER = Some(is_staff=True, is_authenticated=True), Some(is_staff=False, is_authenticated=True)


@pytest.fixture
def client(scripted, make_client):
    return make_client(scripted.url)


@pytest.fixture
def sent(scripted, client):
    """The events: `(method, endpoint, status code, user type)`."""

    def events():
        assert client.flush(10)
        assert {record["type"] for record in scripted.records} == {"http.request"}
        assert all(record["duration_ms"] >= 0 for record in scripted.records)
        return [tuple(record["data"][name] for name in NAMES) for record in scripted.records]

    return events


NAMES = ("method", "endpoint", "status_code", "user_type")


def answering(status, **found):
    async def application(scope, receive, send):
        scope.update(found)
        if status is None:
            raise ValueError("broken")
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    return application


def call_asgi(application, path, method="GET", **options):
    async def nothing(message=None):
        return None

    scope = {"type": "http", "method": method, "path": path}
    asyncio.run(ObservatoryASGI(application, **options)(scope, nothing, nothing))


def test_asgi_takes_route_and_user_from_the_scope(client, sent):
    call_asgi(answering(201, route=Some(path="/orders/{order_id}"), user=ADMIN), "/orders/8", "POST", client=client)
    call_asgi(answering(200, path_params={"slug": "a-lamp"}, user=USER), "/items/a-lamp", client=client)
    call_asgi(answering(200), "/orders/77/lines", client=client)
    call_asgi(answering(200, route=Some(path="/lines/{n}"), root_path="/shop"), "/shop/lines/1", client=client)
    call_asgi(answering(404), "/wp-login.php", client=client)
    call_asgi(answering(200), "/x", client=client, endpoint=lambda scope: "/mine", user_type=lambda scope: "partner")
    assert sent() == [
        ("POST", "/orders/{order_id}", 201, "admin"),
        ("GET", "/items/{slug}", 200, "user"),
        ("GET", "/orders/{id}/lines", 200, "anonymous"),
        ("GET", "/shop/lines/{n}", 200, "anonymous"),
        ("GET", "(unknown)", 404, "anonymous"),
        ("GET", "/mine", 200, "partner"),
    ]


def test_asgi_errors_go_on(client, sent):
    with pytest.raises(ValueError, match="broken"):
        call_asgi(answering(None), "/orders/8", client=client)
    assert sent() == [("GET", "/orders/{id}", 500, "anonymous")]


def test_asgi_leaves_other_protocols_alone(client):
    seen = []

    async def application(scope, receive, send):
        seen.append(scope["type"])

    asyncio.run(ObservatoryASGI(application, client)({"type": "lifespan"}, None, None))
    assert seen == ["lifespan"]
    assert client.stats["accepted"] == 0


def test_wsgi_is_recorded_when_the_answer_is_sent(client, sent):
    def application(environ, start_response):
        environ["werkzeug.request"] = Some(url_rule="/orders/<int:id>")
        start_response("202 Accepted", [])
        environ["werkzeug.request"] = None  # as Flask does
        yield b"a"

    environ = {"REQUEST_METHOD": "PUT", "PATH_INFO": "/orders/8"}
    answer = ObservatoryWSGI(application, client)(environ, lambda status, headers: None)
    assert client.stats["accepted"] == 0
    assert list(answer) == [b"a"]
    answer.close()
    assert sent() == [("PUT", "/orders/<int:id>", 202, "anonymous")]


def test_wsgi_errors_go_on(client, sent):
    def application(environ, start_response):
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        ObservatoryWSGI(application, client)({"REQUEST_METHOD": "GET", "PATH_INFO": "/a"}, print)
    assert sent() == [("GET", "/a", 500, "anonymous")]


@pytest.mark.parametrize("is_async", [False, True])
def test_django_knows_route_and_user(client, sent, monkeypatch, is_async):
    monkeypatch.setattr(default, "_client", client)

    def view(request):
        request.resolver_match = Some(route="orders/<int:id>/")
        request.user = ADMIN
        return HttpResponse(status=204)

    async def async_view(request):
        return view(request)

    request = RequestFactory().get("/orders/8/")
    if is_async:
        asyncio.run(ObservatoryDjango(async_view)(request))
    else:
        ObservatoryDjango(view)(request)
    assert sent() == [("GET", "/orders/<int:id>/", 204, "admin")]


def test_a_broken_option_does_not_break_the_request(client, caplog):
    call_asgi(answering(200), "/a", client=client, user_type=lambda scope: scope["nope"])
    assert "A request could not be recorded" in caplog.text


def test_a_broken_option_does_not_break_the_answer_of_wsgi(client, sent):
    def application(environ, start_response):
        start_response("200 OK", [])
        return [b""]

    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/a"}
    wrapped = ObservatoryWSGI(application, client, user_type=lambda environ: environ["nope"])
    wrapped(environ, lambda status, headers: None).close()
    assert sent() == [("GET", "/a", 200, "unknown")]


@pytest.mark.parametrize(
    ("path", "template"),
    [
        ("/", "/"),
        ("/api/v1/orders", "/api/v1/orders"),
        ("/orders/8/lines/9", "/orders/{id}/lines/{id}"),
        ("/u/9f1c2d3e-0000-4000-8000-123456789abc", "/u/{id}"),
        ("/f/aGVsbG8tMTIzNDU2Nzg5MA", "/f/{id}"),
        ("/how-to-return-a-thing", "/how-to-return-a-thing"),
    ],
)
def test_what_names_one_thing_becomes_a_parameter(path, template):
    assert template_of(path) == template
