"""What leaves the database is in the archive first, and can be read back."""

import json
import re
from io import StringIO

import pyarrow.parquet as pq
import pytest
from django.core.management import CommandError, call_command

from tests.interactions.retention.conftest import NOW, facts, numbers, send_day, settle


@pytest.fixture
def archived(shop):
    from interactions.retention.run import retain

    retain(now=NOW)
    return shop


def run(*words: str) -> str:
    out = StringIO()
    call_command("archive", *words, stdout=out, stderr=StringIO())
    return out.getvalue()


def rows_of(folder, kind):
    return [row for path in sorted(folder.glob(f"*/{kind}/*.parquet")) for row in pq.read_table(path).to_pylist()]


def test_a_file_a_kind_and_day_with_a_manifest(archived, archive):
    (manifest,) = archive.glob("*/manifest.json")
    files = json.loads(manifest.read_text())["files"]
    days = {(file["kind"], file["day"]): file["rows"] for file in files if file["kind"] != "outcomes"}
    assert days == {
        ("interactions", "2024-01-25"): 4, ("interactions", "2024-02-18"): 8,
        ("spans", "2024-01-25"): 6, ("spans", "2024-02-18"): 12,
        ("events", "2024-01-25"): 2, ("events", "2024-02-18"): 4,
    }  # fmt: skip
    assert pq.ParquetFile(archive / files[0]["name"]).metadata.row_group(0).column(0).compression == "ZSTD"


@pytest.mark.parametrize("age", [40, 1])
def test_folders_are_listed_once_a_run_however_many_days_go(shop, archive, monkeypatch, age):
    from django.core.files.storage import FileSystemStorage

    from interactions.retention.run import retain

    listed, written, storage = [], [], FileSystemStorage
    list_folder, save = storage.listdir, storage.save
    monkeypatch.setattr(storage, "listdir", lambda self, path: (listed.append(path), list_folder(self, path))[1])
    monkeypatch.setattr(storage, "save", lambda self, name, *rest: (written.append(name), save(self, name, *rest))[1])
    shop.retention_days = age
    shop.save()
    retain(now=NOW)
    kinds = len({path.parent for path in archive.rglob("*.parquet")})
    assert len(listed) == 1 + kinds
    assert sum(1 for name in written if name.endswith("manifest.json")) == 1


def test_the_file_holds_every_column_and_the_texts(archived, archive):
    spans = rows_of(archive, "spans")
    assert {json.loads(row["texts"])["output"] for row in spans if row["name"] == "llm"} == {
        f"answer {place} {number}" for place in range(3) for number in range(3)
    }
    assert spans[0]["started_at"] < spans[-1]["started_at"]
    assert {row["user_id"] for row in rows_of(archive, "interactions")} == {"user-0", "user-1"}


def test_late_facts_join_the_file_of_their_day(archived, archive, send):
    from interactions.retention.run import retain

    before = rows_of(archive, "spans")
    send_day(send, 9, NOW.replace(month=2, day=18))
    settle()
    retain(now=NOW)
    after = rows_of(archive, "spans")
    assert len(after) == len(before) + 6
    assert [row for row in after if row in before] == before
    assert len(list(archive.glob("*/spans/*"))) == 2


def test_restored_facts_read_as_before_and_count_once(shop, read, key):
    from interactions.retention.run import retain
    from observatory.projects.keys import create_key
    from observatory.projects.models import Project

    trace = f"/api/v1/traces/{1:032x}"
    before, numbers_before = read(trace)[1], numbers(shop)
    retain(now=NOW)
    assert read(trace)[0] == 404
    assert "18 records" not in run("restore", "--project", "shop", "--kind", "events")
    out = run("restore", "--project", "shop")
    assert out == "6 files: 21 records restored into shop-restored, 6 were there.\n"
    assert "0 records restored into shop-restored, 27 were there" in run("restore", "--project", "shop")
    settle()
    restored = Project.objects.get(slug="shop-restored")
    from django.test import Client

    own = create_key(project=restored, scopes=["read"])[1]
    after = Client().get(trace, HTTP_AUTHORIZATION=f"Bearer {own}").json()
    for answer in (before, after):
        for one in answer["interactions"]:
            one.pop("interaction_id")
    assert after == before
    assert numbers(shop) == numbers_before
    retain(now=NOW)  # leaves the restored ones alone
    assert facts()["spans"] == 6 * 3 + 18


def test_a_project_that_is_no_restoration_is_not_restored_into(archived):
    from observatory.projects.models import Project

    Project.objects.create(slug="other", name="Other")
    with pytest.raises(CommandError, match="not a restoration of shop"):
        run("restore", "--project", "shop", "--into", "other")


def test_verify_finds_what_is_missing_changed_or_unknown(archived, archive):
    run("verify")
    first, second, *_ = sorted(archive.glob("*/spans/*.parquet"))
    second.write_bytes(second.read_bytes()[:-1] + b"x")
    first.rename(first.with_name("stranger.parquet"))
    out = StringIO()
    with pytest.raises(CommandError, match="3 problems"):
        call_command("archive", "verify", stdout=out)
    assert "is missing" in out.getvalue()
    assert "SHA-256 differs" in out.getvalue()
    assert "stranger.parquet: is not in the manifest" in out.getvalue()
    with pytest.raises(CommandError, match="SHA-256 differs"):
        run("restore", "--project", "shop", "--kind", "spans", "--since", "2024-02-01")


def test_list_and_run(shop):
    assert "shop: 0 rows" not in run("run", "--project", "shop")  # by the real clock all of it is old
    assert "shop spans 2024-02-18 12 rows" in run("list", "--kind", "spans")
    assert run("list", "--until", "2023-01-01") == ""
    assert re.search(r"shop interactions \d+ (bytes|kB)", run("sizes"))
    with pytest.raises(CommandError, match="2026-13-01 is no day: write it like 2026-01-31"):
        run("list", "--since", "2026-13-01")
    with pytest.raises(CommandError, match="no project nobody"):
        run("list", "--project", "nobody")
