"""With OBSERVATORY_HTTPS, plain HTTP redirects people and refuses programs."""

import pytest
from django.test import Client

from interactions.urls import urlpatterns

pytestmark = pytest.mark.django_db
PATHS = sorted(
    {"/" + str(route.pattern).replace("<id:trace_id>", "t").replace("<id:session_id>", "s") for route in urlpatterns}
)


@pytest.fixture(autouse=True)
def https(settings):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


@pytest.mark.parametrize("method", ["get", "post", "options"])
@pytest.mark.parametrize("path", PATHS)
def test_a_program_is_refused_and_never_redirected(path, method):
    response = getattr(Client(), method)(path)
    assert (response.status_code, response.json()["error"]["code"]) == (403, "https_required")


def test_over_https_it_is_the_view_that_answers():
    response = Client().post("/v1/traces", b"", "application/x-protobuf", headers={"X-Forwarded-Proto": "https"})
    assert response.status_code == 401


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_health_is_answered(path):
    assert Client().get(path).status_code == 200


@pytest.mark.parametrize("path", ["/", "/admin/", "/api/", "/api/schema/"])
def test_people_are_redirected(path):
    response = Client().get(path)
    assert (response.status_code, response["Location"]) == (301, f"https://testserver{path}")


def test_without_https_nothing_is_refused(settings):
    settings.SECURE_SSL_REDIRECT = False
    assert Client().post("/v1/traces").status_code == 401
