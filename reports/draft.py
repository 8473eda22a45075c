"""A board while it is composed: what the form holds, and what each of its buttons does to that. Nothing is stored here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import QueryDict

from observatory.core.time_range import QUICK_RANGES
from observatory.metrics import catalogue
from reports.composing import MAX_PANELS, WIDTHS, Place, known_panel, places_of
from reports.models import Board
from reports.panels.any_metric import FIGURES, Question, name_of, read_question

MAX_TITLE = 120
DEFAULT_RANGE = "24h"
SAVE, METRIC = "save", "metric"


@dataclass(frozen=True, slots=True)
class Draft:
    """`problems` says what is wrong, by field. `metric` keeps what was chosen of a metric that could not be added.

    `version` is that of the board which the draft was begun with; 0 is none.
    """

    title: str = ""
    default_range: str = DEFAULT_RANGE
    places: Sequence[Place] = ()
    problems: Mapping[str, str] = field(default_factory=dict)
    metric: Mapping[str, str] = field(default_factory=dict)
    version: int = 0


def draft_of(board: Board) -> Draft:
    return Draft(board.title, board.default_range, tuple(places_of(board.panels)), version=board.version)


def posted_draft(data: QueryDict) -> Draft:
    """What the form was sent with. Widths come in the order of the panels; a title is cut where it is too long to show."""
    widths = data.getlist("width")
    places = [
        Place(name, widths[number] if number < len(widths) and widths[number] in WIDTHS else "")
        for number, name in enumerate(data.getlist("panel"))
    ]
    chosen, version = data.get("default_range", ""), data.get("version", "")
    return Draft(
        title=data.get("title", "").strip()[: MAX_TITLE + 1],
        default_range=chosen if chosen in QUICK_RANGES else DEFAULT_RANGE,
        places=tuple(places[: MAX_PANELS + 1]),
        version=int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0,
    )


def changed(draft: Draft, act: str, data: Mapping[str, Any]) -> Draft:
    """The draft after a button: `add:NAME`, `metric`, `up:2`, `down:2`, `remove:2`. What cannot be done is a problem."""
    verb, _, what = act.partition(":")
    if verb == "add":
        return added(draft, what)
    if verb == METRIC:
        return _with_metric(draft, data)
    place = int(what) if what.isascii() and what.isdigit() and len(what) < 4 else -1
    if not 0 <= place < len(draft.places):
        return draft
    places = list(draft.places)
    one = places.pop(place)
    if verb == "up":
        places.insert(max(0, place - 1), one)
    elif verb == "down":
        places.insert(place + 1, one)
    elif verb != "remove":
        return draft
    return replace(draft, places=tuple(places))


def added(draft: Draft, name: str) -> Draft:
    """The draft with a panel at its end."""
    found = known_panel(name)
    if found is None:
        return replace(draft, problems={"panels": f"There is no panel {name[:100]}."})
    if any(place.name == found.name for place in draft.places):
        return replace(draft, problems={"panels": f"“{found.title}” is on the board already."})
    if len(draft.places) >= MAX_PANELS:
        return replace(draft, problems={"panels": f"A board has at most {MAX_PANELS} panels."})
    return replace(draft, places=(*draft.places, Place(found.name)))


def _with_metric(draft: Draft, data: Mapping[str, Any]) -> Draft:
    chosen = {name: str(data.get(f"metric_{name}", "")).strip() for name in ("name", "by", "label", "value", "figure")}
    try:
        metric = catalogue.metric(chosen["name"])
    except KeyError:
        return replace(draft, problems={"metric": "Choose a metric."}, metric=chosen)
    labels = [label.name for label in metric.labels]
    problem = ""
    if unknown := [name for name in (chosen["by"], chosen["label"]) if name and name not in labels]:
        known = f"it has {', '.join(labels)}" if labels else "it has none"
        problem = f"{metric.name} has no label {unknown[0]}; {known}."
    elif bool(chosen["label"]) != bool(chosen["value"]):
        problem = "To show one value only, choose a label and give its value."
    elif chosen["figure"] and chosen["figure"] not in FIGURES[metric.kind]:
        problem = f"{metric.name} has no figure {chosen['figure']}; it has {', '.join(FIGURES[metric.kind])}."
    if problem:
        return replace(draft, problems={"metric": problem}, metric=chosen)
    where = ((chosen["label"], chosen["value"]),) if chosen["label"] else ()
    name = name_of(Question(metric, chosen["by"], where, chosen["figure"]))
    try:
        read_question(name.partition(":")[2])
    except KeyError:
        return replace(draft, problems={"metric": "The value is too long."}, metric=chosen)
    return added(draft, name)


def checked(draft: Draft, *, is_taken: bool) -> Draft:
    """The draft with the problems that keep it from being stored. `is_taken`: another board has this title."""
    problems = {}
    if not draft.title:
        problems["title"] = "A board needs a title."
    elif len(draft.title) > MAX_TITLE or "\x00" in draft.title:
        problems["title"] = f"A title has at most {MAX_TITLE} characters."
    elif is_taken:
        problems["title"] = "Another board of this project has this title."
    if not draft.places:
        problems["panels"] = "Choose at least one panel below."
    elif len(draft.places) > MAX_PANELS:
        problems["panels"] = f"A board has at most {MAX_PANELS} panels."
    elif len({place.name for place in draft.places}) < len(draft.places):
        problems["panels"] = "A panel stands on the board twice."
    return replace(draft, problems=problems)
