"""Single records of the native API that come at the same moment: read in turn, stored in one transaction.

Each door hands on what is plain and good: a JSON object, not compressed, with a key that may send. Whatever else is left
to its view, which knows how to refuse it, to count the refusal, and to say that the store is away.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.core.handlers.wsgi import WSGIRequest
from django.db import DatabaseError, InterfaceError
from django.utils import timezone

from interactions.api.native import CONFLICT, READ_BEFORE, NativeView
from interactions.ingest.plan import Outcome
from interactions.ingest.records import Record
from interactions.ingest.store import Batch, store_together
from observatory.core.bodies import parse_json
from observatory.core.errors import ApiError
from observatory.core.rendering import to_json
from observatory.core.serving.environ import Environ
from observatory.core.serving.lane import Answer
from observatory.projects.auth import key_in_headers
from observatory.projects.keys import Access, find_access


@dataclass(frozen=True, slots=True)
class Single:
    """A record to be stored. `place` is that of its request among those of the moment."""

    place: int
    view: type[NativeView]
    project_id: int
    record: Record


class Singles:
    """For a lane: answers requests to the paths of `views` together, None where the view shall answer."""

    def __init__(self, views: Mapping[str, type[NativeView]]):
        self.views = views

    def __call__(self, environs: Sequence[Environ]) -> list[Answer | None]:
        answers: list[Answer | None] = [None] * len(environs)
        try:
            for single, outcome in _stored(self._readable(environs)):
                answers[single.place] = _answer(single, outcome)
        except (DatabaseError, InterfaceError):
            pass  # each view tells its client, or finds which record it was; what was stored after all has its id
        return answers

    def _readable(self, environs: Sequence[Environ]) -> Iterator[Single]:
        accesses: dict[str, Access | None] = {}
        for place, environ in enumerate(environs):
            request = WSGIRequest(environ)
            if not _is_plain(request):
                continue
            key = key_in_headers(request)
            if key not in accesses:
                accesses[key] = find_access(key, now=timezone.now())
            access = accesses[key]
            if access is None or not access.scopes & NativeView.scopes:
                continue
            view = self.views[environ["PATH_INFO"]]
            try:
                record = view.parser(parse_json(_body_of(environ)), now=timezone.now())
            except (ApiError, RecursionError):
                continue
            environ[READ_BEFORE] = record
            yield Single(place, view, access.project_id, record)


def _is_plain(request: WSGIRequest) -> bool:
    """Whether nothing in the head of the request is for a middleware to answer, or for the view to unpack."""
    try:
        request.get_host()
    except DisallowedHost:
        return False
    return (
        (request.is_secure() or not settings.SECURE_SSL_REDIRECT)
        and not request.META["QUERY_STRING"]
        and not request.META.get("HTTP_CONTENT_ENCODING")
        and _body_of(request.META).startswith(b"{")
    )


def _body_of(environ: Environ) -> bytes:
    """The body, which stays unread for the view."""
    return environ["wsgi.input"].getvalue()


def _stored(singles: Iterator[Single]) -> Iterator[tuple[Single, Outcome]]:
    """Store all in one transaction."""
    batches: dict[tuple[int, str], list[Single]] = {}
    for single in singles:
        batches.setdefault((single.project_id, single.view.signal), []).append(single)
    outcomes = store_together(
        [Batch(project_id, signal, [one.record for one in ones]) for (project_id, signal), ones in batches.items()],
        now=timezone.now(),
    )
    for ones, found in zip(batches.values(), outcomes, strict=True):
        yield from zip(ones, found, strict=True)


def _answer(single: Single, outcome: Outcome) -> Answer:
    if outcome is Outcome.CONFLICT:
        return 409, to_json({"error": ApiError("conflict", CONFLICT, field="id").as_dict()})
    return 201, to_json(single.view.names(single.record))
