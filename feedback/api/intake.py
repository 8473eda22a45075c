"""POST of scores by applications, in our own shape and in Langfuse's."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from feedback.api import intake_operations as operations
from feedback.intake.keep import keep
from feedback.intake.langfuse import parse_langfuse
from feedback.intake.native import parse_score
from feedback.scores import Verdict
from interactions.api.base import IngestView
from interactions.ingest.records import Refusal
from interactions.ingest.store import count_kept
from observatory.core.bodies import parse_json, too_large
from observatory.core.errors import ApiError

MAX_LANGFUSE_BYTES = 1_000_000
MAX_INGESTION_BYTES = 3_500_000  # versions 2 to 4 send at most 2.5 MB and the event with which they passed it
NOT_THEIRS = "This id is that of a score which was not sent here: of a user, a reviewer or an evaluator."
SCORE = "score-create"
NOT_TAKEN = (
    "Of /api/public/ingestion only score-create is taken. Traces and spans come by OpenTelemetry: use Langfuse's SDK from "
    "version 3 on."
)
Taken = Verdict | ApiError
Parser = Callable[..., Verdict]


class ScoresDoor(IngestView):
    signal = "scores"
    most_bytes: int | None = None

    def body(self, request: Request) -> Any:
        body = self.read(request)
        if self.most_bytes is not None and len(body) > self.most_bytes:
            raise too_large(self.most_bytes)
        return parse_json(body)

    def take_one(self, item: Any, parser: Parser) -> Verdict:
        (taken,) = self._keep([parser(item, now=self.now)])
        if isinstance(taken, ApiError):
            raise taken
        return taken

    def take_many(self, items: Sequence[Any], parser: Parser) -> list[Taken]:
        """Store what is valid of a list, and return what became of each, in their order."""
        hold_number(items)
        return self._keep([self._parsed(item, parser) for item in items])

    def _parsed(self, item: Any, parser: Parser) -> Taken:
        try:
            return parser(item, now=self.now)
        except ApiError as error:
            return error

    def _keep(self, found: Sequence[Taken]) -> list[Taken]:
        project_id = self.access.project_id
        foreign = keep(project_id, [one for one in found if isinstance(one, Verdict)], now=self.now)
        taken = [_refused(one) if isinstance(one, Verdict) and one.score_id in foreign else one for one in found]
        refusals = [Refusal(place, one.code, one.reason) for place, one in enumerate(taken) if isinstance(one, ApiError)]
        stored = len(taken) - len(refusals)
        count_kept(project_id=project_id, signal=self.signal, stored=stored, refusals=refusals, now=self.now)
        return taken


def _refused(verdict: Verdict) -> ApiError:
    return ApiError("conflict", NOT_THEIRS, field="id", status=409)


def hold_number(items: Sequence[Any]) -> None:
    most = settings.OBSERVATORY["OBSERVATORY_MAX_BATCH"]
    if len(items) > most:
        raise ApiError("too_many", f"A list holds at most {most} records; this one has {len(items)}.", status=413)


@extend_schema_view(post=operations.SEND_SCORES)
class SendScoresView(ScoresDoor):
    """Scores that an application computed: one object (201) or a list (207, a result for each)."""

    def post(self, request: Request) -> Response:
        data = self.body(request)
        if not isinstance(data, list):
            return Response(_named(self.take_one(data, parse_score)), status=201)
        taken = self.take_many(data, parse_score)
        return Response({"results": [{"index": place, **_result(one)} for place, one in enumerate(taken)]}, status=207)


def _named(verdict: Verdict) -> dict[str, Any]:
    return {"score_id": verdict.score_id, "is_waiting": verdict.is_waiting}


def _result(taken: Taken) -> dict[str, Any]:
    if isinstance(taken, ApiError):
        return {"status": taken.status, "error": taken.as_dict()}
    return {"status": 201, **_named(taken)}


@extend_schema_view(post=operations.SEND_LANGFUSE_SCORES)
class LangfuseScoresView(ScoresDoor):
    """Scores as Langfuse's SDK sends them from version 5 on: a list; and one object, as older ones do by their API."""

    most_bytes = MAX_LANGFUSE_BYTES

    def post(self, request: Request) -> Response:
        data = self.body(request)
        if not isinstance(data, list):
            taken = self.take_one(data, parse_langfuse)
            return Response({"message": "Accepted", "id": taken.score_id}, status=202)
        refused = [
            {"message": f"{place}: {_said(one)}"}
            for place, one in enumerate(self.take_many(data, parse_langfuse))
            if isinstance(one, ApiError)
        ]
        if not refused:
            return Response({"message": "Accepted"}, status=202)
        answer = {"accepted": len(data) - len(refused), "rejected": len(refused), "errors": refused}
        return Response(answer, status=207)


@extend_schema_view(post=operations.SEND_LANGFUSE_EVENTS)
class LangfuseIngestionView(ScoresDoor):
    """Events as Langfuse's SDKs of versions 2 to 4 send them. Scores are taken; of others it is said that they are not."""

    most_bytes = MAX_INGESTION_BYTES

    def post(self, request: Request) -> Response:
        data = self.body(request)
        batch = data.get("batch") if isinstance(data, dict) else None
        if not isinstance(batch, list):
            raise ApiError("invalid", "expected an object with a list of events", field="batch")
        answers: dict[str, list[dict[str, Any]]] = {"successes": [], "errors": []}
        for event, taken in zip(batch, self.take_many(batch, parse_event), strict=True):
            named = {"id": _id_of(event)}
            if isinstance(taken, ApiError):
                answers["errors"].append({**named, "status": taken.status, "message": _said(taken), "error": taken.code})
            else:
                answers["successes"].append({**named, "status": 201})
        return Response(answers, status=207)


def parse_event(event: Any, **known: Any) -> Verdict:
    """The score of a `score-create`; its id and its moment stand in for those that the score lacks."""
    if not isinstance(event, dict):
        raise ApiError("invalid", "expected an object with id, type and body")
    if event.get("type") != SCORE:
        raise ApiError("not_taken", NOT_TAKEN, field="type")
    body = event.get("body")
    if not isinstance(body, dict):
        raise ApiError("invalid", "expected an object", field="body")
    given = {name: value for name, value in body.items() if value is not None}
    stand_ins = {name: event[name] for name in ("id", "timestamp") if event.get(name) is not None}
    return parse_langfuse({**stand_ins, **given}, **known)


def _id_of(event: Any) -> str:
    found = event.get("id") if isinstance(event, Mapping) else None
    return found.encode("utf-8", "replace").decode() if isinstance(found, str) else ""


def _said(error: ApiError) -> str:
    said = error.as_dict()
    return f"{said['field']}: {said['reason']}" if "field" in said else said["reason"]
