"""A call says what, why and what helps, in three plain lines and as JSON."""

import json

from supervisor.core.effects import Page
from supervisor.core.message import message
from supervisor.core.message import trial as made_message
from tests.fakes.night import begun


def test_what_is_told_when_something_needs_the_operator() -> None:
    page = Page(
        event="needs_you",
        what="trapi",
        since=5.0,
        why="login expired\n\x1b[31m api_key=sk-live-1234567890abcdef",
        command="az login; overnight resume trapi",
    )
    told = message(begun(["g/a"]), page, 9.0)
    first, second, third = told.text.splitlines()
    assert first == "night needs you: trapi"
    assert second.startswith("login expired ")
    assert "sk-live" not in second
    assert "\x1b" not in told.text
    assert third == "az login; overnight resume trapi"
    document = json.loads(json.dumps(dict(told.document)))
    assert document["event"] == "needs_you"
    assert (document["since"], document["at"]) == (5.0, 9.0)
    assert document["counts"]["starting"] == 1


def test_what_is_told_at_the_end() -> None:
    page = Page(
        event="done", what="night", since=9.0, why="1/1 done", command="overnight report night"
    )
    assert message(begun(["g/a"]), page, 9.0).text.splitlines() == [
        "night is done",
        "1/1 done",
        "overnight report night",
    ]


def test_a_test_says_that_it_is_one() -> None:
    told = made_message("night", "/state", 5.0)
    assert told.document["event"] == "test"
    assert "nothing needs you" in told.text
