"""Reviewing on the screen: nothing anchors the reviewer, roles hold, another project's queue does not exist."""

import csv
import io
import re

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from feedback.ids import id_of, review_id
from feedback.models import ReviewItem, Rubric, Score, Source
from feedback.review.draw import choose
from feedback.review.reviewed import between_reviewers, reviewed_answers
from feedback.scores import Verdict, write
from interactions.digest.run import digest_until_empty
from interactions.models import Interaction
from observatory.projects.models import Membership, Project
from tests.feedback.review.conftest import NOW
from tests.pages import inline_code

pytestmark = pytest.mark.django_db
QUEUE = "/admin/feedback/reviewitem/"
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def client_of(project):
    def made(name, role="editor"):
        user = User.objects.create_user(name, is_staff=True)
        Membership.objects.create(project=project, user=user, role=role)
        client = Client()
        client.force_login(user)
        return client

    return made


@pytest.fixture
def item(project, send):
    """An answer with a passage, a rating and a judge's verdict, which somebody chose for review."""
    passage = {"text": "Goods go back within 30 days.", "source": "terms"}
    body = {"query": f"How long? {HOSTILE}", "answer": "Within 30 days.", "passages": [passage]}
    assert send("/api/v1/interactions", body)[0] == 201
    digest_until_empty()
    one, now = Interaction.objects.get(), timezone.now()
    judged = Verdict(id_of("j"), Source.JUDGE, "deepeval.faithfulness", now, value=0.91, is_passed=True, comment="JUDGED")
    rated = Verdict(id_of("r"), Source.USER, "rating", now, value=1.0, comment="RATED")
    write(project.pk, [judged.about(one), rated.about(one)], now=now)
    return choose(project.pk, one, now=now)


def page_of(item):
    return f"{QUEUE}{item.pk}/change/"


def test_an_editor_reviews_and_only_then_sees_what_others_say(client_of, item):
    ann = client_of("ann")
    before = ann.get(page_of(item)).content.decode()
    assert "Review this answer" in before
    assert ann.post(f"{QUEUE}next/").url == f"{page_of(item)}?project=shop"
    form = ann.get(page_of(item)).content.decode()
    for page in (before, form):
        assert "Goods go back within 30 days." in page
        assert "&lt;script&gt;alert(1)" in page
        for hidden in ("JUDGED", "RATED", "0.91", "faithfulness", "/trace/"):
            assert hidden not in page
        assert inline_code(page) == []
    assert "It is yours until" in form
    refused = ann.post(page_of(item), {"rubric": "1", "q-correct": "1", "comment": "as I wrote"})
    assert refused.status_code == 400
    assert "as I wrote" in refused.content.decode()
    sent = {"rubric": "1", "q-correct": "1", "verdict": "pass", "comment": "Fine."}
    assert ann.post(page_of(item), sent).url == f"{QUEUE}?project=shop"  # nothing else waits
    after = ann.get(page_of(item)).content.decode()
    assert all(shown in after for shown in ("JUDGED", "RATED", "0.91", "Fine.", "Is the answer correct?", "/trace/"))
    assert Score.objects.get(name="review").author == "ann"
    assert ann.post(page_of(item), sent).status_code == 409


def test_a_reviewer_changes_their_own_verdict_and_all_see_what_it_was(client_of, project, item):
    ReviewItem.objects.update(wanted=2)
    people = {name: client_of(name) for name in ("ann", "bob", "eve")}
    for name, verdict in (("ann", "fail"), ("bob", "pass")):
        people[name].post(f"{QUEUE}{item.pk}/claim/")
        sent = {"rubric": "1", "verdict": verdict, "q-correct": "0", "category": "made up", "comment": f"By {name}."}
        assert people[name].post(page_of(item), sent).status_code == 302
    ann, path = people["ann"], f"{QUEUE}{item.pk}/correct/"
    before = {one.author: one for one in Score.objects.filter(name="review")}
    assert between_reviewers(reviewed_answers(project.pk, since=None)).cells == {("fail", "pass"): 1}
    form = ann.get(path).content.decode()
    assert "By ann." in form
    assert "By bob." not in form
    assert re.search(r'name="q-correct" value="0"[^>]* checked', form)
    assert re.search(r'name="verdict" value="fail"[^>]* checked', form)
    assert inline_code(form) == []
    assert ann.post(path, {"rubric": "1"}).status_code == 400
    assert ann.post(path, {"rubric": "9", "verdict": "pass"}).status_code == 400
    same = {"rubric": "1", "verdict": "fail", "q-correct": "0", "category": "made up", "comment": "By ann."}
    assert ann.post(path, same).status_code == 302
    assert "changes" not in Score.objects.get(author="ann").details
    for comment in ("I was wrong.", "I was right."):
        assert ann.post(path, {"rubric": "1", "verdict": "pass", "comment": comment}).url == f"{page_of(item)}?project=shop"
    after = {one.author: one for one in Score.objects.filter(name="review")}
    assert (after["ann"].pk, after["ann"].at) == (before["ann"].pk, before["ann"].at)  # the same row: she is still the first
    assert (after["ann"].is_passed, after["ann"].value, after["ann"].label) == (True, 1.0, "pass")
    assert [(one["label"], one["comment"]) for one in after["ann"].details["changes"]] == [
        ("made up", "By ann."),
        ("pass", "I was wrong."),
    ]
    assert (after["bob"].details, after["bob"].scored_at) == (before["bob"].details, before["bob"].scored_at)
    assert between_reviewers(reviewed_answers(project.pk, since=None)).cells == {("pass", "pass"): 1}
    viewer = client_of("vic", "viewer")
    page = viewer.get(page_of(item)).content.decode()
    assert page.count("by <bdi>ann</bdi>; before:") == 2
    assert "Change your verdict" not in page
    assert "Change your verdict" in people["bob"].get(page_of(item)).content.decode()
    assert viewer.get(path).status_code == viewer.post(path, same).status_code == 403
    assert people["eve"].get(path).status_code == people["eve"].post(path, same).status_code == 404  # she said nothing of it
    assert page_of(item) in ann.get(f"{QUEUE}?show=mine").content.decode()
    assert page_of(item) not in people["eve"].get(f"{QUEUE}?show=mine").content.decode()
    rows = list(csv.DictReader(io.StringIO(b"".join(ann.get(f"{QUEUE}csv/")).decode("utf-8-sig"))))
    assert {row["reviewer"]: bool(row["changed_at"]) for row in rows} == {"ann": True, "bob": False}


def test_what_a_verdict_was_is_told_by_the_questions_of_its_time(client_of, item):
    ann = client_of("ann")
    ann.post(f"{QUEUE}{item.pk}/claim/")
    ann.post(page_of(item), {"rubric": "1", "verdict": "fail", "q-correct": "1"})
    Rubric.objects.update(version=2, questions=[{"key": "correct", "question": "How rude?", "kind": "scale", "help": ""}])
    ann.post(f"{QUEUE}{item.pk}/correct/", {"rubric": "2", "verdict": "pass", "q-correct": "5"})
    page = " ".join(ann.get(page_of(item)).content.decode().split())
    assert "<dt><bdi>How rude?</bdi></dt><dd>5 of 5</dd>" in page
    assert "<bdi>Is the answer correct?</bdi> yes" in page


def test_a_score_that_was_sent_under_the_id_of_a_verdict_is_nobodys_verdict(client_of, project, item):
    ann = client_of("ann")
    sent = Verdict(review_id(item.interaction_id, User.objects.get(username="ann").pk), Source.APPLICATION, "sent", NOW)
    sent.interaction_id, sent.value = item.interaction_id, 1.0
    write(project.pk, [sent], now=NOW)
    assert ann.post(f"{QUEUE}{item.pk}/correct/", {"rubric": "1", "verdict": "pass"}).status_code == 404
    assert Score.objects.get(name="sent").source == Source.APPLICATION


def test_a_viewer_looks_an_editor_reviews_an_owner_words_the_questions(client_of, item):
    viewer, editor, owner = (client_of(role, role) for role in ("viewer", "editor", "owner"))
    assert "JUDGED" in viewer.get(page_of(item)).content.decode()
    for act in ("next/", "draw/", "choose/", f"{item.pk}/claim/", f"{item.pk}/skip/"):
        assert viewer.post(f"{QUEUE}{act}").status_code == 403
    assert viewer.post(page_of(item), {"rubric": "1", "verdict": "pass"}).status_code == 403
    assert editor.get(f"{QUEUE}rubric/").status_code == 403
    shares = {"categories": "rude\nwrong", "sample_percent": "5", "second_percent": "50"}
    words = {"question_0": "Is it right?", "kind_0": "yes_no", "question_1": "How kind?", "kind_1": "scale"}
    assert owner.post(f"{QUEUE}rubric/", {**shares, "question_0": ""}).status_code == 200
    assert Rubric.objects.get().version == 1
    assert owner.post(f"{QUEUE}rubric/", shares | words).status_code == 302
    rubric = Rubric.objects.get()
    assert (rubric.version, rubric.sample_rate, rubric.second_share) == (2, 0.05, 0.5)
    assert [one["key"] for one in rubric.questions] == ["correct", "grounded"]  # the rows keep their keys
    assert editor.post(page_of(item), {"rubric": "1", "verdict": "pass"}).status_code == 400
    assert "The questions were changed" in editor.post(page_of(item), {"rubric": "1"}).content.decode()


def test_another_projects_queue_does_not_exist(client_of, item):
    other = Project.objects.create(slug="bank", name="Bank")
    user = User.objects.create_user("foreign", is_staff=True)
    Membership.objects.create(project=other, user=user, role="owner")
    foreign = Client()
    foreign.force_login(user)
    for act in ("", "claim/", "skip/", "release/", "correct/"):
        path = f"{QUEUE}{item.pk}/{act or 'change/'}"
        unknown = path.replace(str(item.pk), "999999999", 1)
        assert foreign.post(path).status_code == foreign.post(unknown).status_code == 404
    assert foreign.get(page_of(item)).status_code == 404
    assert foreign.post(f"{QUEUE}choose/", {"interaction_id": str(item.interaction_id)}).status_code == 404
    assert foreign.get(f"{QUEUE}?project=shop").status_code == 404
    assert client_of("ann").get(f"{page_of(item)}?project=shop").status_code == 200


def test_skip_and_give_back_lead_on(client_of, project, queue):
    first, second = queue(2)
    ann = client_of("ann")
    ann.post(f"{QUEUE}next/")
    assert f"/{second.pk}/" in ann.post(f"{QUEUE}{first.pk}/skip/").url
    ann.post(f"{QUEUE}{second.pk}/release/")
    assert ReviewItem.objects.get(pk=second.pk).locked_by is None
    assert "you passed it by" in ann.get(QUEUE).content.decode()


def test_an_answer_whose_facts_are_gone_leaves_the_queue(client_of, queue):
    (item,) = queue(1)
    ann = client_of("ann")
    ann.post(f"{QUEUE}next/")
    Interaction.objects.all().delete()
    assert "The facts of this answer were deleted" in ann.get(page_of(item)).content.decode()
    assert ann.post(page_of(item), {"rubric": "1", "verdict": "pass"}).status_code == 302
    assert not Score.objects.exists()
    assert "Nothing waits" in ann.get(QUEUE).content.decode()


def review(project, item, author, is_passed, comment=""):
    """As the queue would write it."""
    one = Interaction.objects.get(interaction_id=item.interaction_id)
    verdict = Verdict(
        id_of(item.pk, author), Source.REVIEWER, "review", NOW, value=float(is_passed), is_passed=is_passed, author=author,
        label="pass" if is_passed else "fail", comment=comment, parts={"correct": float(is_passed)}, version="rubric 1",
    )  # fmt: skip
    write(project.pk, [verdict.about(one)], now=NOW)


def test_two_reviewers_kappa_and_where_they_differ(client_of, project, queue):
    items = queue(40, wanted=2, reviews=2)
    for place, item in enumerate(items):
        review(project, item, "ann", place < 20)
        review(project, item, "bob", place < 15)
    viewer = client_of("vic", "viewer")
    page = viewer.get(f"{QUEUE}?range=all&show=differ").content.decode()
    assert "0.75" in page  # (0.875 - 0.5) / 0.5
    assert "n = 40" in page
    assert len(re.findall(r'class="cover"', page)) == 5
    assert "no kind chosen" in page


def test_the_queue_costs_the_same_number_of_queries_at_three_and_at_ninety(client_of, project, queue):
    ann = client_of("ann")

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert ann.get(f"{QUEUE}?range=all").status_code == 200
        return len(found)

    for item in queue(3, reviews=1, wanted=2):
        review(project, item, "bob", True)
    few = queries()
    for item in queue(87, reviews=1, wanted=2):
        review(project, item, "bob", True)
    assert queries() == few
    assert "bob</bdi>: pass" not in ann.get(f"{QUEUE}?range=all").content.decode()  # she may be the second


def test_verdicts_as_csv_no_cell_is_a_formula(client_of, project, queue):
    for item in queue(3, reviews=1):
        review(project, item, "ann", False, "=1+1")
    answer = client_of("ann").get(f"{QUEUE}csv/?range=all")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert len(rows) == 3
    assert {(row["verdict"], row["comment"], row["correct"], row["rubric"]) for row in rows} == {
        ("fail", "'=1+1", "0.0", "rubric 1")
    }
    assert {row["drawn_by"] for row in rows} == {"a random sample"}
