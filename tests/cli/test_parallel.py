"""``overnight parallel``: the knob that exists, and no restart that nobody agreed to."""

import re

import pytest

from supervisor.core.board import Advice, GroupRow, KnobRow
from supervisor.core.intents import FollowLimits, Intent, SetParallel
from supervisor.core.models import GroupId
from tests.cli.conftest import Night

G = GroupId("g")
CAPSULES = KnobRow(name="capsules", value=20, start=20, least=1, apply="restart")


async def with_knob(night: Night, knob: KnobRow = CAPSULES) -> None:
    row = GroupRow(group="g", parallel=4, running=2, state="running", breaker="closed", knob=knob)
    await night.engine.show(groups=(row,))


@pytest.mark.parametrize(
    ("words", "intent"),
    [
        ("3", SetParallel(parallel=3)),
        ("g 3", SetParallel(group=G, parallel=3)),
        ("g capsules=3", SetParallel(group=G, parallel=3, knob="capsules")),
        ("g auto", FollowLimits(group=G)),
    ],
)
async def test_intents(night: Night, words: str, intent: Intent) -> None:
    said = await night.overnight("parallel", *words.split())
    assert (said.code, said.out, said.err) == (0, "done\n", "")
    assert [wanted for wanted, _ in night.engine.wanted] == [intent]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("", r"how many\? overnight parallel \[GROUP\] N"),
        ("g", r"overnight parallel \[GROUP\] N"),
        ("capsules=3", r"overnight parallel \[GROUP\] N"),
        ("auto", r"GROUP auto"),
        ("g h 3", "what is '3'"),
        ("--advice", "no advice"),
        ("--advice g h", "takes one group"),
    ],
)
async def test_wrong_words(night: Night, words: str, message: str) -> None:
    said = await night.overnight("parallel", *words.split())
    assert said.code == 1
    assert not night.engine.wanted
    assert re.search(message, said.err), said.err


@pytest.mark.parametrize(
    ("words", "restart"),
    [
        (["g", "5"], False),
        (["g", "5", "--yes"], True),
        (["g", "capsules=5", "--yes"], True),
        (["g", "parallel=5", "--yes"], False),
        (["g", "20", "--yes"], False),
    ],
)
async def test_a_restart_wants_yes(night: Night, words: list[str], *, restart: bool) -> None:
    await with_knob(night)
    await night.overnight("parallel", *words)
    ((wanted, _),) = night.engine.wanted
    assert isinstance(wanted, SetParallel)
    assert wanted.restart is restart


async def test_what_is_told_while_it_runs_restarts_nobody(night: Night) -> None:
    await with_knob(night, KnobRow(name="n", value=20, start=20, least=1, apply="file"))
    await night.overnight("parallel", "g", "5", "--yes")
    assert [wanted for wanted, _ in night.engine.wanted] == [SetParallel(group=G, parallel=5)]


async def test_a_dry_run_tells_what_would_be_restarted(night: Night) -> None:
    await with_knob(night)
    said = await night.overnight("parallel", "g", "5", "--dry-run")
    assert said.out == "Restart 2 running attempts of g with --yes\n"
    assert (await night.overnight("parallel", "g", "20", "--dry-run")).out == "restarts nothing\n"
    assert not night.engine.wanted


async def test_advice_is_taken_in_the_unit_of_its_knob(night: Night) -> None:
    await with_knob(night)
    await night.engine.show(
        advice=(
            Advice(
                group="g", parallel=20, suggested=10, why="limits", knob="capsules", restart=True
            ),
            Advice(
                group="g", parallel=20, suggested=5, why="57 idle", knob="capsules", restart=True
            ),
            Advice(group="h", parallel=4, suggested=2, why="limits"),
        )
    )
    said = await night.overnight("parallel", "--advice", "--dry-run")
    assert said.out == "g capsules: 20 → 5: 57 idle\nh: 4 → 2: limits\n"
    assert not night.engine.wanted
    await night.overnight("parallel", "--advice", "g")
    await night.overnight("parallel", "--advice", "--yes")
    assert [intent for intent, _ in night.engine.wanted] == [
        SetParallel(group=G, parallel=5, knob="capsules"),
        SetParallel(group=G, parallel=5, knob="capsules", restart=True),
        SetParallel(group=GroupId("h"), parallel=2, knob="parallel"),
    ]
    assert "advice: 57 idle" in night.engine.wanted[0][1]
