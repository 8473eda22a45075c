"""/api/v1/evaluations: ask for evaluations of many answers, look at them, pause, resume and stop them."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from feedback.api import evaluation_operations as operations
from feedback.api.evaluation_body import action_of, wish_of
from feedback.api.evaluation_json import batch_json, plan_json
from feedback.models import Batch
from feedback.quality.batches import requests
from feedback.quality.batches.plan import plan_of
from feedback.quality.batches.wish import CannotEvaluate, Wish, ask
from observatory.core.bodies import parse_json, read_body
from observatory.core.errors import ApiError
from observatory.core.parameters import hold_query
from observatory.projects.auth import access_of
from observatory.projects.models import ApiKey
from observatory.projects.views import storage_error

LARGEST_ID = 2**63
LOOKS, CHANGES = frozenset({"read", "manage"}), frozenset({"manage"})
MOST_ROWS = 100


class EvaluationView(APIView):
    """Whoever reads looks; starting and stopping needs `manage`."""

    @property
    def scopes(self) -> frozenset[str]:
        return CHANGES if self.request.method in {"POST", "PATCH"} else LOOKS

    @property
    def project_id(self) -> int:
        return access_of(self.request).project_id

    @property
    def by(self) -> str:
        return f"key {ApiKey.objects.get(pk=access_of(self.request).key_id).prefix}"

    def body(self) -> Any:
        return parse_json(read_body(self.request._request))

    def handle_exception(self, exception: Exception) -> Any:
        if isinstance(exception, CannotEvaluate):
            exception = ApiError("invalid", str(exception), field=exception.field or None)
        return super().handle_exception(storage_error(exception))


@extend_schema_view(get=operations.LIST, post=operations.ASK)
class EvaluationsView(EvaluationView):
    """POST asks for an evaluation; the worker carries it out. GET lists them, the newest first."""

    def get(self, request: Request) -> Response:
        hold_query(request.query_params, "limit", "cursor")
        limit = _number(request, "limit", default=50, most=MOST_ROWS)
        before = _number(request, "cursor", default=LARGEST_ID - 1, most=LARGEST_ID - 1)
        rows = list(Batch.objects.filter(project_id=self.project_id, pk__lt=before).order_by("-pk")[: limit + 1])
        more = rows[limit - 1].pk if len(rows) > limit else None
        return Response({"results": [batch_json(row) for row in rows[:limit]], "next": more and str(more)})

    def post(self, request: Request) -> Response:
        wish, now = wish_of(self.body(), self.project_id), timezone.now()
        plan = plan_of(wish, now=now)
        batch = ask(wish, trigger=Batch.Trigger.API, by=self.by, now=now)
        return Response({**batch_json(batch), "plan": plan_json(plan)}, status=202)


@extend_schema_view(post=operations.PLAN)
class EvaluationPlanView(EvaluationView):
    """What an evaluation would take. Nothing is started."""

    scopes = CHANGES

    def post(self, request: Request) -> Response:
        wish: Wish = wish_of(self.body(), self.project_id)
        return Response(plan_json(plan_of(wish, now=timezone.now())))


@extend_schema_view(get=operations.READ, patch=operations.CHANGE)
class OneEvaluationView(EvaluationView):
    """GET: how far it is and what came of it. PATCH pauses, resumes or stops it."""

    def get(self, request: Request, evaluation_id: int) -> Response:
        hold_query(request.query_params)
        return Response(batch_json(self._batch(evaluation_id)))

    def patch(self, request: Request, evaluation_id: int) -> Response:
        batch = self._batch(evaluation_id)
        action = action_of(self.body())
        try:
            if action == "pause":
                requests.pause(batch, by=self.by)
            elif action == "resume":
                requests.resume(batch)
            else:
                requests.stop(batch, by=self.by, now=timezone.now())
        except CannotEvaluate as refusal:
            raise ApiError("conflict", str(refusal), status=409) from None
        return Response(batch_json(batch))

    def _batch(self, evaluation_id: int) -> Batch:
        rows = Batch.objects.filter(project_id=self.project_id, pk=evaluation_id) if evaluation_id < LARGEST_ID else None
        found = rows.first() if rows is not None else None
        if found is None:
            raise ApiError("not_found", "There is no such evaluation in this project.", status=404)
        return found


def _number(request: Request, name: str, *, default: int, most: int) -> int:
    text = request.query_params.get(name, "").strip()
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 20 and 1 <= int(text) <= most):
        raise ApiError("invalid", f"expected a whole number from 1 to {most}", field=name)
    return int(text)
