"""Files are small, and their names say what is in them."""

import re

from tests.architecture.sources import CODE_FOLDERS, PACKAGES, ROOT, python_files

LONGEST = 300
DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "managers", "base_service", "services"}
TOP_LEVEL = {
    "manage.py", "observatory.sh", "requirements.txt", "pyproject.toml",
    *PACKAGES, "tests", "docs", "deploy", "benchmarks", "sdk",
    "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "LICENSE",
    ".ci", ".git", ".gitignore", ".dockerignore", ".github",
}  # fmt: skip
UNWANTED = re.compile(r"mark_safe|\bTODO\b|\bFIXME\b|\bXXX\b|pytest\.mark\.skip|pytest\.skip\(|xfail")


FILES = python_files(*CODE_FOLDERS)


def test_a_file_has_at_most_300_lines():
    lengths = {str(path): len((ROOT / path).read_text().splitlines()) for path in FILES}
    assert {path: length for path, length in lengths.items() if length > LONGEST} == {}


def test_no_module_is_a_drawer():
    assert [str(path) for path in FILES if not DRAWERS.isdisjoint(path.with_suffix("").parts)] == []


def test_nothing_is_left_for_later_or_marked_safe():
    found = {str(path): UNWANTED.findall((ROOT / path).read_text()) for path in FILES if "architecture" not in path.parts}
    assert {path: words for path, words in found.items() if words} == {}


def test_the_top_level_holds_what_the_architecture_names(tracked_files):
    assert {path.partition("/")[0] for path in tracked_files} <= TOP_LEVEL


def test_no_file_names_a_place_of_one_machine(tracked_files):
    outside = re.compile(r"(?<![\w.])(/work/|/root/|/home/(?!app\b)\w|/tmp/\w)")
    found = []
    for name in tracked_files:
        content = (ROOT / name).read_bytes()
        if b"\0" in content or name.startswith("tests/architecture/"):
            continue
        found += [f"{name}: {match}" for match in outside.findall(content.decode())]
    assert found == []
