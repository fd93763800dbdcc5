"""``overnight why``."""

import json

from tests.cli.conftest import Night


async def test_the_reasons_line_by_line(night: Night) -> None:
    night.engine.reasons["g/a"] = ("waits\x07 for a slot", "launched")
    said = await night.overnight("why", "g/a")
    assert (said.code, said.out) == (0, "waits? for a slot\nlaunched\n")
    said = await night.overnight("why", "g/a", "--json")
    assert json.loads(said.out) == {"task": "g/a", "why": ["waits\x07 for a slot", "launched"]}


async def test_no_such_task(night: Night) -> None:
    said = await night.overnight("why", "nope")
    assert (said.code, said.out, said.err) == (1, "", "overnight: no task nope\n")
