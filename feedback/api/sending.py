"""POST of feedback: one object, or a list where the endpoint takes one. Web pages may send it, as browser metrics."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from feedback import submit
from feedback.api import operations
from feedback.api.parse import parse_chat, parse_explicit, parse_implicit
from interactions.api.cors import BrowserDoor
from interactions.ingest.native.batch import parse_all
from interactions.ingest.store import count_kept
from interactions.models import Interaction
from observatory.core.bodies import parse_json, too_large
from observatory.core.errors import ApiError

MAX_BODY_BYTES = 1024 * 1024  # of a key that may be read in a page


class FeedbackDoor(BrowserDoor):
    signal = "feedback"

    def read(self, request: Request) -> bytes:
        body = super().read(request)
        if len(body) > MAX_BODY_BYTES and "ingest" not in self.access.scopes:
            raise too_large(MAX_BODY_BYTES)
        return body

    def submit(self, said: list[Any], refusals: Any = ()) -> list[submit.Submitted]:
        project_id = self.access.project_id
        done = submit.submit(project_id=project_id, said=said, now=self.now) if said else []
        count_kept(project_id=project_id, signal=self.signal, stored=len(said), refusals=refusals, now=self.now)
        return done


@extend_schema_view(post=operations.SEND_CHAT)
class ChatFeedbackView(FeedbackDoor):
    """A user's rating of one interaction. Sent again by the same user, it replaces the one before."""

    def post(self, request: Request) -> Response:
        rating = parse_chat(parse_json(self.read(request)), now=self.now)
        rows = Interaction.objects.for_project(self.access.project_id)
        if rating.interaction_id is None or not rows.filter(interaction_id=rating.interaction_id).exists():
            reason = "There is no such interaction in this project."
            raise ApiError("not_found", reason, field="interaction_id", status=404)
        (done,) = self.submit([rating])
        return Response({"feedback_id": done.feedback_id}, status=201)


class OneOrManyView(FeedbackDoor):
    parser: Callable[..., submit.Rating | submit.Signal]

    def post(self, request: Request) -> Response:
        data = parse_json(self.read(request))
        if isinstance(data, list):
            return self._many(data)
        (done,) = self.submit([type(self).parser(data, now=self.now)])
        return Response(_named(done), status=_status(done))

    def _many(self, items: list[Any]) -> Response:
        most = settings.OBSERVATORY["OBSERVATORY_MAX_BATCH"]
        if len(items) > most:
            raise ApiError("too_many", f"A list holds at most {most} records; this one has {len(items)}.", status=413)
        placed, refusals = parse_all(items, type(self).parser, now=self.now)
        done = self.submit([said for _, said in placed], refusals)
        results = [
            {"index": index, "status": _status(one), **_named(one)} for (index, _), one in zip(placed, done, strict=True)
        ]
        results += [
            {"index": one.index, "status": 400, "error": ApiError(one.code, one.reason, field=one.field).as_dict()}
            for one in refusals
        ]
        return Response({"results": sorted(results, key=lambda result: result["index"])}, status=207)


def _named(done: submit.Submitted) -> dict[str, Any]:
    return {"feedback_id": done.feedback_id, "is_waiting": done.is_waiting}


def _status(done: submit.Submitted) -> int:
    return 202 if done.is_waiting else 201


@extend_schema_view(post=operations.SEND_EXPLICIT)
class ExplicitView(OneOrManyView):
    """What people say: stars, a thumb, words, a category. 202: it waits for its interaction, which has not come yet."""

    parser = staticmethod(parse_explicit)


@extend_schema_view(post=operations.SEND_EXPLICIT_AT_ROOT)
class ExplicitAtRootView(ExplicitView):
    """The same as `/api/v1/feedback/explicit`, at a shorter path."""


@extend_schema_view(post=operations.SEND_IMPLICIT)
class ImplicitView(OneOrManyView):
    """What people do, silently: click, share, accept, skip, re-query. 202: it waits for its interaction."""

    parser = staticmethod(parse_implicit)


@extend_schema_view(post=operations.SEND_IMPLICIT_AT_ROOT)
class ImplicitAtRootView(ImplicitView):
    """The same as `/api/v1/feedback/implicit`, at a shorter path."""
