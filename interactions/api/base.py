"""What the ingest doors share."""

from datetime import datetime
from typing import Any

from django.db import InterfaceError, OperationalError
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.views import APIView

from interactions.ingest.store import count_refused
from observatory.core.bodies import read_body
from observatory.core.errors import ApiError
from observatory.projects.auth import access_of
from observatory.projects.keys import Access
from observatory.projects.views import storage_error

REFUSALS = frozenset({400, 411, 413, 415})


class IngestView(APIView):
    """A door for data: names its signal; whatever is refused as a whole is counted under that signal."""

    signal: str
    scopes = frozenset({"ingest"})

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        self.now: datetime = timezone.now()
        super().initial(request, *args, **kwargs)

    @property
    def access(self) -> Access:
        return access_of(self.request)

    def read(self, request: Request) -> bytes:
        return read_body(request._request)

    def handle_exception(self, exception: Exception) -> Any:
        if isinstance(exception, ApiError) and exception.status in REFUSALS and self.request.method == "POST":
            exception = self._count_refused(exception)
        return super().handle_exception(storage_error(exception))

    def _count_refused(self, refusal: ApiError) -> Exception:
        """Return the refusal, or why it could not be counted: the client sends again, and then it is."""
        try:
            if self.request.auth:
                project_id = self.access.project_id
                count_refused(project_id=project_id, signal=self.signal, reason=refusal.code, records=1, now=self.now)
        except (OperationalError, InterfaceError) as error:
            return error
        return refusal
