"""A bad row is said with its line; its neighbours are stored."""

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from interactions.models import Interaction

GOOD = b'{"query": "good"}\n'


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b'{"query": \n', "undecodable"),
        (b'{"query": "\xff"}\n', "undecodable"),
        (b'["list"]\n', "invalid"),
        (b"7\n", "invalid"),
        (b'{"query": "1", "latency_ms": "slow"}\n', "invalid (latency_ms)"),
        (b'{"a":' * 3000 + b"1" + b"}" * 3000 + b"\n", "undecodable"),
    ],
)
def test_bad_json_line(run, bad, reason):
    said = run("own.jsonl", GOOD + bad + GOOD)
    assert "2 stored, 0 duplicate, 1 rejected" in said
    assert f"line 2: {reason}" in said


def test_gigantic_line_is_skipped(run, monkeypatch):
    monkeypatch.setitem(settings.OBSERVATORY, "OBSERVATORY_MAX_BODY_BYTES", 1000)
    said = run("own.jsonl", GOOD + b'{"query": "' + b"x" * 50_000 + b'"}\n' + GOOD)
    assert "2 stored, 0 duplicate, 1 rejected" in said
    assert "line 2: too_large" in said


@pytest.mark.parametrize(
    ("bad", "line"),
    [
        (b"a,b,c\n", "wrong_columns"),
        (b'"never closed,b\n', "undecodable"),
        (b'x,"a"b"\n', "undecodable"),
        (b"\xff,b\n", "undecodable"),
    ],
)
def test_bad_table_line(run, bad, line):
    said = run("own.csv", b"query,answer\nq1,a1\n" + bad + b'q2,"a\n2"\nq3,a3\n')
    assert "3 stored" in said
    assert f"line 3: {line}" in said
    assert sorted(Interaction.objects.values_list("query_preview", flat=True)) == ["q1", "q2", "q3"]


def test_quote_that_is_never_closed_takes_no_line_along(run):
    said = run("own.csv", b'query,answer\n"open,a\n' + b"q,a\n" * 2_500)
    assert "2,500 stored, 0 duplicate, 1 rejected" in said
    assert "line 2: unclosed_quote" in said


def test_many_rejections_are_summed_up(run):
    said = run("own.jsonl", GOOD + b"broken\n" * 50)
    assert "50 rejected" in said
    assert "and 30 more; by reason: 50 undecodable" in said


@pytest.mark.parametrize(
    ("name", "content", "options", "said"),
    [
        ("own.jsonl", b"", [], "is empty"),
        ("own.json", b'[{"query": 1}]', [], "one object a line"),
        ("other.csv", b"a,b\n1,2\n", [], "no known format"),
        ("own.csv", b"\xff,query\n1,2\n", ["--format", "native"], "no readable header"),
        ("own.jsonl", GOOD, ["--start", "soon"], "is not a time"),
        ("own.jsonl", GOOD, ["--start", "9999-12-31T23:59:59Z"], "does not lie from 1970 to 8999"),
        ("own.jsonl", GOOD, ["--project", "nowhere"], "no project"),
    ],
)
def test_file_that_is_of_no_use_is_refused_in_one_line(run, name, content, options, said):
    with pytest.raises(CommandError, match=said) as refusal:
        run(name, content, *options)
    assert "\n" not in str(refusal.value)
    assert not Interaction.objects.exists()


def test_missing_file_is_refused(project, tmp_path):
    with pytest.raises(CommandError, match="is not a file"):
        call_command("import_interactions", str(tmp_path / "none.jsonl"), "--project", "files")


def test_a_time_that_is_moved_beyond_all_times_is_refused(run):
    rows = [b'{"query": "a", "asked_at": "1971-01-01"}\n', b'{"query": "b", "asked_at": "2026-01-01"}\n']
    said = run("own.jsonl", b"".join(rows), "--start", "8990-01-01")
    assert "1 stored, 0 duplicate, 1 rejected" in said
    assert "line 2: invalid (asked_at)" in said
