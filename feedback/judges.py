"""A project's judge: the only writer of its row. The key goes in, and comes out only to be sent to its own address."""

import socket
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from urllib.parse import urlsplit

from django.db import transaction

from feedback.models import Judge
from feedback.quality.judge.addresses import why_refused
from feedback.sealing import seal
from observatory.projects.models import Project

SUFFIX = "/chat/completions"  # of an address that was copied whole
MAX_KEY = 500


class CannotConnect(Exception):
    """Why the wish cannot be granted, in words for the `field` of the form."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field


@dataclass(frozen=True, slots=True)
class Wish:
    """How a judge should be. An empty `key` keeps the one that is kept, unless `removes_key` or another base URL."""

    base_url: str
    model: str
    key: str = ""
    removes_key: bool = False
    may_be_private: bool = False
    temperature: float | None = None
    input_price: Decimal | None = None
    output_price: Decimal | None = None
    max_concurrent: int = 4
    timeout_s: int = 60
    daily_calls: int | None = 2_000
    daily_usd: Decimal | None = None


AS_IT_IS = tuple(one.name for one in fields(Wish) if one.name not in {"base_url", "key", "removes_key", "may_be_private"})


def judge_of(project: Project) -> Judge | None:
    return Judge.objects.filter(project=project).first()


def save(project: Project, wish: Wish, *, by: str, is_superuser: bool, now: datetime) -> Judge:
    """Connect a judge, or change it. Raises CannotConnect; then nothing is changed.

    Only a superuser allows an address within private networks, for this base URL alone: another one needs it anew.
    """
    base_url = checked_url(wish.base_url)
    _check(wish)
    key = _checked_key(wish.key)
    # A name may take seconds to be resolved, so before anything is locked.
    check_reach(base_url, may_be_private=_may_be_private(judge_of(project), base_url, wish, is_superuser=is_superuser))
    with transaction.atomic():
        # Of two who save at once the second one goes by what the first one left, also where there was no judge yet.
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        judge = judge_of(project) or Judge(project=project)
        judge.may_be_private = _may_be_private(judge, base_url, wish, is_superuser=is_superuser)
        if key:
            judge.sealed_key = seal(key)
        elif base_url != judge.base_url or wish.removes_key:
            judge.sealed_key = ""
        judge.base_url = base_url
        for name in AS_IT_IS:
            setattr(judge, name, getattr(wish, name))
        judge.changed_by, judge.changed_at = by[:160], now
        judge.save()
    return judge


def _may_be_private(judge: Judge | None, base_url: str, wish: Wish, *, is_superuser: bool) -> bool:
    if is_superuser:
        return wish.may_be_private
    return judge is not None and judge.may_be_private and judge.base_url == base_url


def disconnect(project: Project) -> bool:
    """Forget the judge and its key. What it said stays."""
    return Judge.objects.filter(project=project).delete()[0] > 0


def checked_url(text: str) -> str:
    """The base URL as it is kept: without a slash at its end, and without the path that we add."""
    text = text.strip().rstrip("/").removesuffix(SUFFIX).rstrip("/")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise CannotConnect("base_url", "This is no address; it looks like https://api.openai.com/v1.") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise CannotConnect("base_url", "The address begins with https:// or http:// and names a host.")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise CannotConnect("base_url", "The address has no name, password, ? or #: the key has a field of its own.")
    if len(text) > 500 or not text.isascii() or not text.isprintable() or " " in text:
        raise CannotConnect("base_url", "The address has at most 500 characters, all of them plain ones without spaces.")
    return text


def check_reach(base_url: str, *, may_be_private: bool) -> None:
    """Refuse a host that resolves to an address that no judge may have; each connection looks again."""
    parts = urlsplit(base_url)
    for address in _resolved(parts.hostname or "", parts.port or 443):
        if reason := why_refused(address, may_be_private=may_be_private, is_plain=parts.scheme == "http"):
            raise CannotConnect("base_url", f"{reason[0].upper()}{reason[1:]}.")


def _resolved(host: str, port: int) -> set[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise CannotConnect("base_url", f"The name {host} cannot be resolved.") from None
    return {str(entry[4][0]) for entry in found}


def _check(wish: Wish) -> None:
    if not wish.model.strip() or len(wish.model) > 120 or not wish.model.isprintable():
        raise CannotConnect("model", "The model has a name of at most 120 characters.")
    if (wish.input_price is None) != (wish.output_price is None):
        raise CannotConnect("output_price", "Give both prices, or none: half a price is none.")
    if wish.daily_usd is not None and wish.input_price is None:
        raise CannotConnect("daily_usd", "A limit in USD needs both prices.")


def _checked_key(key: str) -> str:
    if len(key) > MAX_KEY or not key.isascii() or not key.isprintable() or " " in key:
        raise CannotConnect("key", f"A key has at most {MAX_KEY} plain characters without spaces.")
    return key
