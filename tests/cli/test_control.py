"""Each steering command becomes one intent."""

import re

import pytest

from supervisor.core.intents import (
    Cancel,
    First,
    Freeze,
    Intent,
    Kill,
    Pause,
    Refresh,
    Resume,
    Retry,
    Thaw,
)
from supervisor.core.models import ErrorClass, GroupId, LimitId
from supervisor.ports import Answer
from tests.cli.conftest import Night, Place, call

G = GroupId("g")


@pytest.mark.parametrize(
    ("words", "intent"),
    [
        ("pause", Pause()),
        ("pause g", Pause(group=G)),
        ("resume", Resume()),
        ("resume trapi", Resume(name="trapi")),
        ("release trapi", Resume(name="trapi")),
        ("freeze", Freeze()),
        ("freeze g h/a", Freeze(targets=("g", "h/a"))),
        ("thaw g", Thaw(targets=("g",))),
        ("refresh trapi", Refresh(limit=LimitId("trapi"))),
        ("first g/b h/a", First(targets=("g/b", "h/a"))),
        ("first -- -x", First(targets=("-x",))),
        ("retry g/c", Retry(targets=("g/c",))),
        ("retry --failed", Retry()),
        ("retry --class auth", Retry(error_class=ErrorClass.AUTH)),
        ("kill g --yes", Kill(targets=("g/a",))),
        ("kill a --yes", None),
        ("cancel g/* --yes", Cancel(targets=("g/a", "g/b"))),
    ],
)
async def test_intents(night: Night, words: str, intent: Intent | None) -> None:
    said = await night.overnight(*words.split())
    if intent is None:
        assert (said.code, night.engine.wanted) == (1, [])
        return
    assert (said.code, said.out, said.err) == (0, "done\n", "")
    ((wanted, who),) = night.engine.wanted
    assert wanted == intent
    assert who


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("release", "overnight release LIMIT"),
        ("refresh", "overnight refresh LIMIT"),
        ("pause g h", "what is 'h'"),
        ("first", "overnight first TASK"),
        ("kill", "overnight kill TASK"),
        ("retry", "retry what"),
        ("retry --class aut", "no error class aut; did you mean auth"),
        ("kill nope --yes", "no task nope"),
    ],
)
async def test_wrong_words(night: Night, words: str, message: str) -> None:
    said = await night.overnight(*words.split())
    assert said.code == 1
    assert not night.engine.wanted
    assert re.search(message, said.err), said.err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("kill h/a --yes", "nothing to kill: h/a does not run"),
        ("cancel h/a --yes", "nothing to cancel: h/a is over already"),
    ],
)
async def test_saying_it_again_is_no_mistake(night: Night, words: str, message: str) -> None:
    said = await night.overnight(*words.split())
    assert (said.code, said.out) == (0, f"{message}\n")
    assert not night.engine.wanted


async def test_refusals_are_errors(night: Night) -> None:
    night.engine.answer = Answer(ok=False, messages=("no group x; groups: g, h",))
    said = await night.overnight("pause", "x")
    assert (said.code, said.out) == (1, "")
    assert said.err == "overnight: no group x; groups: g, h\n"


async def test_what_destroys_wants_yes(night: Night) -> None:
    said = await night.overnight("cancel", "g/*")
    assert said.code == 1
    assert "End for good 2 tasks (g/a, g/b, …)? Give --yes" in said.err
    assert not night.engine.wanted


async def test_dry_runs_only_list(night: Night) -> None:
    assert (await night.overnight("kill", "g", "--dry-run")).out == "g/a  running\n"
    assert (await night.overnight("cancel", "g", "--dry-run")).out == "g/a  running\ng/b  waiting\n"
    assert (await night.overnight("retry", "--failed", "--dry-run")).out == "g/c  failed\n"
    assert (await night.overnight("retry", "h/a", "--dry-run")).out == "h/a  succeeded\n"
    assert not night.engine.wanted


def test_without_an_engine(place: Place) -> None:
    place.ended()
    said = call("pause")
    assert said.code == 1
    assert "not running; overnight run" in said.err
