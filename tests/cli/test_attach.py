"""``overnight attach`` without a terminal."""

from tests.cli.conftest import Night, Place, call
from tests.fakes.engine import row


async def test_it_prints_lines_like_headless(night: Night) -> None:
    await night.engine.show(row("g/a", "succeeded"), state="done")
    said = await night.apart("attach", "night")
    assert said.code == 0
    assert "night: 2 of 4 tasks succeeded" in said.out


async def test_overnight_alone_does_the_same(night: Night) -> None:
    await night.engine.show(row("g/a", "succeeded"), state="done")
    assert "night: 2 of 4" in (await night.apart()).out


def test_nothing_runs(place: Place) -> None:
    place.ended()
    said = call("attach")
    assert said.code == 1
    assert "not running" in said.err
