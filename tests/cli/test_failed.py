"""``overnight failed``."""

import json

from tests.cli.conftest import Night

ONE = {
    "task": "g/c",
    "class": "auth",
    "cause": "401\x1b[0m Unauthorized",
    "attempts": 1,
    "retryable": True,
    "first_at": 1.0,
    "ended_at": 2.0,
    "params": {},
    "progress": None,
    "log": "/x/stderr.log",
}
TWO = {**ONE, "task": "g/d", "class": "broken", "attempts": 2, "ended_at": None, "log": None}


async def test_each_is_told_in_a_few_lines(night: Night) -> None:
    night.engine.failures = [ONE, TWO]
    said = await night.overnight("failed")
    assert said.code == 0
    first = said.out.splitlines()[:3]
    assert first[0].startswith("g/c  auth  1 attempt  ")
    assert first[1:] == ["    401?[0m Unauthorized", "    /x/stderr.log"]
    assert "g/d  broken  2 attempts\n" in said.out


async def test_one_class_alone(night: Night) -> None:
    night.engine.failures = [ONE, TWO]
    said = await night.overnight("failed", "--class", "broken", "--json")
    assert json.loads(said.out) == [TWO]
    assert (
        await night.overnight("failed", "--class", "quota")
    ).out == "nothing failed with quota\n"
    typo = await night.overnight("failed", "--class", "brokn")
    assert typo.code == 1
    assert "no error class brokn" in typo.err
    assert "broken" in typo.err


async def test_nothing_failed(night: Night) -> None:
    assert (await night.overnight("failed")).out == "nothing failed\n"
    assert json.loads((await night.overnight("failed", "--json")).out) == []


async def test_items_inside_of_a_task_stand_below_it(night: Night) -> None:
    items = [{"item": f"q{n}", "class": "timeout", "error": "la\x1bte"} for n in range(9)]
    night.engine.failures = [{**ONE, "items": items, "items_failed": 32}]
    lines = (await night.overnight("failed")).out.splitlines()
    assert lines[2] == "    - q0  timeout: la?te"
    assert lines[7] == "    - 27 more items failed: overnight why g/c"
    assert lines[8] == "    /x/stderr.log"
