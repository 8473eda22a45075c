"""Saved views of the list of interactions: the only writer of them, and who may change which."""

from urllib.parse import parse_qsl, urlencode

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.http import Http404

from interactions.erasure.mentions import filters_mention, mentions
from interactions.models import SavedView
from interactions.reading.filters import PARAMETERS, parse_filters
from observatory.core.errors import ApiError
from observatory.projects.models import Project
from observatory.projects.roles import Role, require

# What a view keeps of an address: neither the project nor the place in the list.
KEPT = (*PARAMETERS, "range", "limit")
NO_VIEW = "There is no such view."
MOST_OF_ONE_PERSON = 50
MAX_QUERY_CHARS = 4_000


class ViewRefused(Exception):
    """Says to the person why the view was not kept."""


def normal(query: str) -> str:
    """The part of an address that a view keeps, in one order: equal for lists that show the same."""
    try:
        pairs = parse_qsl(query.lstrip("?"), max_num_fields=100)
    except ValueError:
        raise ViewRefused("These filters cannot be understood.") from None
    kept = {name: value.strip() for name, value in pairs if name in KEPT and value.strip()}
    return urlencode(sorted(kept.items()))


def save_view(*, project: Project, user: User, name: str, query: str, is_shared: bool) -> SavedView:
    """Keep a view; ViewRefused with the reason if it cannot be. To share one needs an editor."""
    require(user, project, Role.EDITOR if is_shared else Role.VIEWER)
    query = normal(query)
    try:
        parse_filters(dict(parse_qsl(query)))
    except ApiError as error:
        raise ViewRefused(f"The filter {error.field} cannot be understood: {error}.") from error
    if len(query) > MAX_QUERY_CHARS:
        raise ViewRefused("These filters are too long to be kept.")
    if SavedView.objects.filter(project=project, owner=user).count() >= MOST_OF_ONE_PERSON:
        raise ViewRefused(f"{MOST_OF_ONE_PERSON} views of one person are the most; delete one first.")
    return _saved(SavedView(project=project, owner=user, query=query, is_shared=is_shared), name)


def rename_view(view: SavedView, *, user: User, name: str) -> SavedView:
    _require_right(view, user)
    return _saved(view, name)


def delete_view(view: SavedView, *, user: User) -> None:
    _require_right(view, user)
    view.delete()


def forget_views(project_id: int, name: str, value: str) -> int:
    """Delete the views of which the filters or the name tell of this user or session; return how many."""
    views = SavedView.objects.filter(project_id=project_id)
    theirs = [view.pk for view in views if mentions(view.name, value) or filters_mention(parse_qsl(view.query), name, value)]
    return SavedView.objects.filter(pk__in=theirs).delete()[0]


def may_change(view: SavedView, *, user: User, may_edit: bool) -> bool:
    """One's own view, and with an editor's role each shared one."""
    return may_edit if view.is_shared else view.owner_id == user.pk


def _require_right(view: SavedView, user: User) -> None:
    require(user, view.project, Role.EDITOR if view.is_shared else Role.VIEWER)


def _saved(view: SavedView, name: str) -> SavedView:
    name = " ".join(name.replace("\x00", "").split())[:60]
    if not name:
        raise ViewRefused("A view needs a name.")
    view.name = name
    try:
        with transaction.atomic():
            if view.pk is None:
                view.save(force_insert=True)
            # Not `save`, which would bring back a view that was deleted meanwhile.
            elif not SavedView.objects.filter(pk=view.pk).update(name=name):
                raise Http404(NO_VIEW)
    except IntegrityError as error:
        raise ViewRefused(f"You have a view “{name}” already.") from error
    return view
