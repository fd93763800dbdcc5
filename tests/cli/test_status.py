"""``overnight status`` against an engine, and what it does when there is none."""

import json

from supervisor.core.board import NeedsYou
from tests.cli.conftest import Night, Place, call


async def test_text_is_short_and_begins_with_needs(night: Night) -> None:
    need = NeedsYou(what="trapi", since=0.0, why="login expired", command="az login")
    await night.engine.show(needs_you=(need,))
    said = await night.overnight("status")
    assert said.code == 0
    lines = said.out.splitlines()
    assert lines[0] == "NEEDS YOU  trapi: login expired → az login"
    assert len(lines) <= 20
    assert max(map(len, lines)) <= 60
    assert "\x1b" not in said.out


async def test_json_is_the_document_of_the_engine(night: Night) -> None:
    said = await night.overnight("status", "night", "--json")
    document = json.loads(said.out)
    assert document["v"] == 1
    assert document["counts"]["succeeded"] == 1
    assert [task["task"] for task in document["tasks"]] == ["g/a", "g/b", "g/c", "h/a"]


async def test_what_the_engine_says_is_passed_on(night: Night) -> None:
    night.engine.gone = True
    said = await night.overnight("status")
    assert said.code == 1
    assert "the engine is gone" in said.err


def test_without_any_batch(place: Place) -> None:
    said = call("status")
    assert said.code == 1
    assert "overnight run FILE" in said.err


def test_a_batch_that_never_stored_anything(place: Place) -> None:
    place.ended()
    said = call("status")
    assert said.code == 1
    assert "never ran" in said.err
