"""A client for tests that look at the status and the bytes of many answers, and at nothing else."""

from functools import cache
from typing import Any

from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.core.signals import got_request_exception
from django.http import HttpResponseBase
from django.test import Client


@cache
def application() -> BaseHandler:
    made = BaseHandler()
    made.load_middleware()
    return made


class BareClient(Client):
    """Django's without `context`, `templates` and `json` of an answer: to copy the context of each template that is rendered
    takes a fifth of a page's time. The middleware is that of all of them."""

    def request(self, **request: Any) -> HttpResponseBase:
        asked = WSGIRequest(self._base_environ(**request))
        asked._dont_enforce_csrf_checks = True  # as Django's
        got_request_exception.connect(self.store_exc_info, dispatch_uid="bare")
        try:
            answer = application().get_response(asked)
        finally:
            got_request_exception.disconnect(dispatch_uid="bare")
        self.check_exception(answer)  # raises it, unless told not to
        self.cookies.update(answer.cookies)
        return answer
