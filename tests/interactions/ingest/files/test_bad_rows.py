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
    said = run("own.jsonl", GOOD + b"broken\n" * 50 + b"7\n")
    assert "51 rejected" in said
    assert [line.split(":")[0] for line in said.splitlines()[1:]] == ["  line 2 and 49 more", "  line 52"]


def test_of_many_reasons_the_first_are_told_and_the_others_counted(run):
    rows = [f'{{"passages": [{", ".join([*(["{}"] * number), "7"])}]}}\n' for number in range(25)]
    lines = run("own.jsonl", GOOD + "".join(rows).encode()).splitlines()
    assert len(lines) == 22
    assert lines[1].startswith("  line 2: invalid (passages[0])")
    assert lines[-1] == "  and 5 more; by reason: 25 invalid"


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


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--format", "azure"], r"None of the 40 rows of .*own.tsv could be read as azure. Without --format, the format"),
        ([], r"None of the 40 rows of .*own.tsv could be read as native.$"),
    ],
)
def test_a_file_of_which_nothing_can_be_read_fails(run, options, said):
    with pytest.raises(CommandError, match=said):
        run("own.tsv", b"query\tlatency_ms\n" + b"q\tslow\n" * 40, *options)
    assert not Interaction.objects.exists()


def test_a_file_whose_records_are_all_stored_otherwise_was_read(run):
    run("own.jsonl", b'{"id": "7f3f2f0e-55a8-4d0c-9f2b-0d6f8f7d4c11", "query": "a"}\n')
    said = run("own.jsonl", b'{"id": "7f3f2f0e-55a8-4d0c-9f2b-0d6f8f7d4c11", "query": "b"}\n')
    assert "0 stored, 0 duplicate, 1 rejected" in said


def test_missing_file_is_refused(project, tmp_path):
    with pytest.raises(CommandError, match="is not a file"):
        call_command("import_interactions", str(tmp_path / "none.jsonl"), "--project", "files")


def test_a_time_that_is_moved_beyond_all_times_is_refused(run):
    rows = [b'{"query": "a", "asked_at": "1971-01-01"}\n', b'{"query": "b", "asked_at": "2026-01-01"}\n']
    said = run("own.jsonl", b"".join(rows), "--start", "8990-01-01")
    assert "1 stored, 0 duplicate, 1 rejected" in said
    assert "line 2: invalid (asked_at)" in said
