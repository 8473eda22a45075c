"""Which web pages may send to a project (CORS)."""

from urllib.parse import urlsplit

from observatory.projects.models import Project
from observatory.projects.origin_list import lists


def allows(project_id: int, origin: str, *, own: str) -> bool:
    """Whether the project lists the origin ("*" stands for any), or the page is Observatory's own."""
    parts = urlsplit(own)
    if origin == f"{parts.scheme}://{parts.netloc}":
        return True
    listed = Project.objects.values_list("allowed_origins", flat=True).get(id=project_id)
    return lists(listed, origin)


def is_known(origin: str) -> bool:
    """Whether any project lists the origin: all that a preflight, which carries no key, can be asked."""
    every = Project.objects.exclude(allowed_origins=[]).values_list("allowed_origins", flat=True)
    return any(lists(listed, origin) for listed in every)
