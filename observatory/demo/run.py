"""The demo as a whole: loaded once, finished if it was interrupted, kept alive."""

from dataclasses import replace
from datetime import datetime

from observatory.demo.apps.registry import APPS
from observatory.demo.live import send_live
from observatory.demo.load import Progress, load
from observatory.demo.state import State, read_state, write_state
from observatory.projects.models import Project
from observatory.up.credentials import DEMO_PROJECT


def demo_project() -> Project:
    project, _ = Project.objects.get_or_create(slug=DEMO_PROJECT, defaults={"name": "Demo"})
    return project


def expected_sessions(days: int) -> int:
    """About how many sessions a demo of so many days has."""
    return round(days * sum(app.sessions_a_day for app in APPS))


def ensure_loaded(*, days: int, now: datetime, progress: Progress) -> dict[str, int] | None:
    """Load the demo, or the rest of one that was interrupted, and return what was new; None if all is there."""
    project = demo_project()
    state = read_state(project) or State(project.id, now.replace(microsecond=0).isoformat(), days)
    if state.is_loaded:
        return None
    write_state(state)
    stored = load(project_id=project.id, calendar=state.calendar, progress=progress)
    write_state(replace(state, is_loaded=True), is_on=True)
    return stored


def tick(*, now: datetime) -> int:
    """Send what is due; nothing where there is no demo."""
    project = Project.objects.filter(slug=DEMO_PROJECT).first()
    state = read_state(project) if project else None
    if project is None or state is None or not state.is_loaded:
        return 0
    return send_live(project_id=project.id, calendar=state.calendar, now=now)
