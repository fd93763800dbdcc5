"""``overnight ls``."""

import json
from pathlib import Path

from tests.cli.conftest import Night, Place, call


async def test_running_and_ended_ones(night: Night) -> None:
    info = night.place.ended("old", started_at=5.0, ended_at=6.0, ended="done")
    summary = {"counts": {"succeeded": 2, "failed": 1, "aborted": 0}}
    (Path(info.directory) / "batch_summary.json").write_text(json.dumps(summary))
    night.place.ended("crashed", started_at=4.0)
    lines = (await night.overnight("ls")).out.splitlines()
    assert [line.split()[:3] for line in lines[1:]] == [
        ["night", "running", "1/4"],
        ["old", "done", "2/3"],
        ["crashed", "died", "Jan"],
    ]
    documents = json.loads((await night.overnight("ls", "--json")).out)
    assert [one["running"] for one in documents] == [True, False, False]
    assert documents[0]["pid"] == night.info.pid


def test_none_yet(place: Place) -> None:
    assert "no batch yet" in call("ls").out
    assert json.loads(call("ls", "--json").out) == []


def test_an_engine_that_does_not_answer(place: Place) -> None:
    place.running()
    assert call("ls").out.splitlines()[1].split()[:2] == ["night", "died"]
