"""When it is used: an hour of the week is divided by how often it came since the data began."""

DAY = 24 * 60


def marks(content):
    return {row["at"]: row["v"] for row in content.chart.rows}


def test_a_new_project_is_not_divided_by_weeks_without_data(ask, answer):
    for _ in range(40):
        ask("q", 2 * DAY + 30)
    content = answer("activity")
    found = marks(content)
    assert found["Sat 11:00 UTC"] == 40
    assert content.words == "Busiest: Sat 11:00 UTC, 40 a week. The mean since 28 Feb 2026, when the data begin."
    assert len(found) == 49
    assert "Fri 11:00 UTC" not in found


def test_an_hour_that_came_twice_is_divided_by_two(ask, answer):
    ask("the first", 8 * DAY + 30)
    for _ in range(6):
        ask("q", 30)
    found = marks(answer("activity"))
    assert (found["Mon 11:00 UTC"], found["Sun 11:00 UTC"], found["Tue 11:00 UTC"]) == (3, 0.5, 0)
    assert len(found) == 7 * 24


def test_four_weeks_are_divided_by_four(ask, answer):
    ask("long ago", 60 * DAY)
    for _ in range(8):
        ask("q", 30)
    content = answer("activity")
    assert marks(content)["Mon 11:00 UTC"] == 2
    assert "since" not in content.words
