"""Any metric of the catalogue as a panel, by its name."""

import pytest

from observatory.metrics.catalogue import metrics
from reports.panels.any_metric import FIGURES, Question, name_of, read_question, title_of
from reports.panels.catalogue import declare_family, panel

LATENCY = "metric:interactions.latency"


@pytest.mark.parametrize("metric", list(metrics()), ids=lambda metric: metric.name)
def test_every_metric_is_a_panel_by_each_label_and_figure(metric):
    for by in ("", *(label.name for label in metric.labels)):
        for figure in ("", *FIGURES[metric.kind]):
            name = name_of(Question(metric, by, (), figure))
            assert panel(name).name == name
            assert panel(name).title


def test_the_same_question_has_one_name_and_title():
    one = panel(f"{LATENCY}?figure=p95&where=environment:prod&by=model")
    assert one.name == f"{LATENCY}?by=model&where=environment:prod&figure=p95"
    assert one.title == "Interactions latency, p95, by model, only environment prod"


@pytest.mark.parametrize("value", ["a b", "a&by=x", "a:b", "ä/?#%", "<script>alert(1)</script>", '"'])
def test_any_value_survives_its_name(value):
    question = Question(read_question("interactions.latency").metric, "model", (("environment", value),), "p99")
    name = name_of(question)
    assert read_question(name.partition(":")[2]) == question
    assert value in title_of(question)


@pytest.mark.parametrize(
    "name",
    [
        "metric:",
        "metric:nope",
        "nope:interactions.latency",
        f"{LATENCY}?by=nope",
        f"{LATENCY}?where=nope:x",
        f"{LATENCY}?where=model",
        f"{LATENCY}?where=model:",
        f"{LATENCY}?where=model:a%00b",
        f"{LATENCY}?where=model:{'x' * 201}",
        f"{LATENCY}?figure=share",
        f"{LATENCY}?nonsense=1",
        "requests?by=model",
        "nope",
        "",
    ],
)
def test_what_the_catalogue_has_not_is_no_panel(name):
    with pytest.raises(KeyError):
        panel(name)


def test_a_family_is_declared_once():
    with pytest.raises(ValueError, match="two families"):
        declare_family("metric", panel)
