"""``overnight notify --test``."""

from dataclasses import replace
from pathlib import Path

from supervisor.core.models import NotifySpec
from supervisor.core.options import RunOptions
from supervisor.engine.launch import write_launch
from tests.cli.conftest import Night
from tests.engine.batches import spec_of


def launched(night: Night, notify: NotifySpec | None) -> None:
    """Leave what the engine was started with."""
    directory = Path(night.info.directory)
    source = str(directory.parent.parent / "night.yaml")
    spec = replace(spec_of("g/a"), directory=str(directory), source=source, notify=notify)
    write_launch(spec, RunOptions())


async def test_it_runs_the_batchs_own_command(night: Night) -> None:
    launched(night, NotifySpec(run='printf %s "$OVERNIGHT_MESSAGE" > told'))
    said = await night.overnight("notify", "--test")
    assert (said.code, said.err) == (0, "")
    assert "this is a test: nothing needs you" in said.out
    told = Path(night.info.directory).parent.parent / "told"
    assert len(told.read_text().splitlines()) == 3


async def test_what_went_wrong_is_said(night: Night) -> None:
    launched(night, NotifySpec(run="echo no pager; exit 3"))
    said = await night.overnight("notify", "--test")
    assert said.code == 1
    assert "notify failed: exit 3: no pager" in said.err


async def test_a_batch_without_one_is_told_how(night: Night) -> None:
    launched(night, None)
    said = await night.overnight("notify", "--test")
    assert said.code == 1
    assert "has no notify: add  notify: {run: ./page.sh, when: [needs_you, done]}" in said.err
    assert "overnight notify --test" in (await night.overnight("notify")).err
