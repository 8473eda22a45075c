"""Imports point left only, as docs/explanation/architecture.md draws it."""

import sys
from pathlib import Path

from tests.architecture.sources import PACKAGES, imports_of, module_name, python_files

# From left to right; those of one row never import each other.
LAYERS = (
    ("observatory.core", "observatory.stats", "observatory.charts"),
    ("observatory.projects",),
    ("observatory.metrics",),
    ("observatory.drift", "observatory.alerts", "interactions"),
    ("feedback",),
    ("experiments",),
    ("reports",),
    ("observatory",),  # its root modules: composition
)
# What the kernel may use besides the standard library: REST framework for error answers, orjson for rendering them.
KERNEL_PACKAGES = {"django", "rest_framework", "orjson"}


def package_of(module: str) -> str:
    names = [name for row in LAYERS for name in row if module == name or module.startswith(f"{name}.")]
    return max(names, key=len)


def row_of(package: str) -> int:
    return next(number for number, row in enumerate(LAYERS) if package in row)


def is_ours(module: str) -> bool:
    return module.partition(".")[0] in PACKAGES


def wrong_imports(path):
    here = package_of(module_name(path))
    others = [name for name in imports_of(path) if is_ours(name) and package_of(name) != here]
    return [name for name in others if row_of(package_of(name)) >= row_of(here)]


def test_imports_point_left():
    found = {str(path): wrong_imports(path) for path in python_files(*PACKAGES)}
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


def test_the_kernel_imports_django_only():
    allowed = {"observatory", *KERNEL_PACKAGES, *sys.stdlib_module_names}
    roots = {(str(path), name.partition(".")[0]) for path in python_files("observatory/core") for name in imports_of(path)}
    assert {pair for pair in roots if pair[1] not in allowed} == set()


def test_statistics_know_no_django():
    files = python_files("observatory/stats")
    assert [path for path in files if any(name.startswith("django") for name in imports_of(path))] == []


def test_the_package_imports_nothing():
    assert imports_of(Path("observatory/__init__.py")) == ()


def test_a_wrong_direction_would_be_seen():
    assert row_of(package_of("observatory.urls")) > row_of(package_of("interactions.models"))
    assert row_of(package_of("interactions.models")) > row_of(package_of("observatory.projects.keys"))
