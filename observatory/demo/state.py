"""What is known of the demo: kept with the row of its periodic job, so that it goes on where it was."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from django_celery_beat.models import PeriodicTask

from observatory import schedule
from observatory.demo.calendar import Calendar
from observatory.projects.models import Project

JOB = schedule.NAME_PREFIX + "demo"


@dataclass(frozen=True, slots=True)
class State:
    """The data of `days` days up to `until` (ISO 8601) are wanted in the project; `is_loaded` once all are there."""

    project_id: int
    until: str
    days: int
    is_loaded: bool = False

    @property
    def calendar(self) -> Calendar:
        return Calendar(until=datetime.fromisoformat(self.until), days=self.days)


def read_state(project: Project) -> State | None:
    """Return the state, or None if this project never had a demo (it may have been deleted and made anew)."""
    row = PeriodicTask.objects.filter(name=JOB).first()
    values = json.loads(row.kwargs) if row else {}
    return State(**values) if values.get("project_id") == project.id else None


def write_state(state: State, *, is_on: bool | None = None) -> None:
    """Keep the state; `is_on` switches the live traffic, None leaves that to what the operator chose."""
    if not PeriodicTask.objects.filter(name=JOB).exists():
        schedule.seed()
    row = PeriodicTask.objects.get(name=JOB)
    row.kwargs = json.dumps(asdict(state))
    if is_on is not None:
        row.enabled = is_on
    row.save(update_fields=["kwargs", "enabled", "date_changed"])


def is_interrupted(project: Project) -> bool:
    """Whether loading the demo began and did not end."""
    state = read_state(project)
    return state is not None and not state.is_loaded
