"""What is made for one engine, and what each part of it is made for."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from supervisor.core.options import RunOptions
from supervisor.engine.hub import Hub
from supervisor.engine.loop import Loop
from supervisor.engine.parts import Parts
from supervisor.engine.recovery import Recovered, recover
from supervisor.engine.works import Ground, works
from supervisor.engine.writer import Writer
from supervisor.ports import Known, SupervisorError, Witness
from tests.engine.batches import spec_of
from tests.engine.night import Night

OPTIONS = RunOptions()


class Nobody:
    """A witness that saw nothing."""

    async def run(self, happened: Callable[[], None]) -> None:
        happened()

    def known(self) -> Known:
        return Known()

    def keep(self, proofs: object) -> None:
        """Nothing is kept."""


class Site:
    """One recovered batch, and the ground that its works stand on."""

    def __init__(self, night: Night, writer: Writer, recovered: Recovered) -> None:
        batch = recovered.batch
        self.recovered = recovered
        self.parts = night.parts()
        self.hub = Hub(batch, night.clock.now)
        self.writer = writer
        self.loop = Loop(
            batch,
            clock=night.clock,
            writer=writer,
            perform=lambda _batch, _effects: None,
            publish=lambda _batch, _changed, _new_spec: None,
        )

    def ground(self, parts: Parts | None = None) -> Ground:
        parts = parts or self.parts
        backend = parts.backend(self.loop.batch.desk.uuid)
        return Ground(
            parts=parts, backend=backend, hub=self.hub, loop=self.loop, writer=self.writer
        )


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    night = Night(tmp_path)
    (tmp_path / "state").mkdir()
    spec = replace(spec_of("g/a"), directory=str(tmp_path / "state"))
    writer = Writer(night.parts().journal)
    recovered = await recover(writer, spec, OPTIONS, now=night.clock.now(), environment=set())
    yield Site(night, writer, recovered)
    await writer.close()


async def test_what_sees_who_makes_containers_is_made_when_the_batch_makes_any(site: Site) -> None:
    uuids: list[str] = []

    def witness(uuid: str) -> Witness:
        uuids.append(uuid)
        return Nobody()

    parts = replace(site.parts, witness=witness)
    made = works(site.ground(parts), site.recovered.offsets, OPTIONS)
    assert uuids == []
    assert made.containers.inventory.witness is made.containers.inventory.witness
    assert uuids == [site.loop.durable.desk.uuid]


async def test_what_the_works_cannot_do_is_told_to_clients(site: Site) -> None:
    """Nobody looks at containers here: who asks for one is told so, and nothing else breaks."""
    made = works(site.ground(), site.recovered.offsets, OPTIONS)
    with pytest.raises(SupervisorError, match="no container"):
        await made.service.describe("c0ffee", 1)
    assert await made.acts.free_bytes() is None
    assert (await made.service.snapshot()).tasks.keys() == site.loop.durable.tasks.keys()


async def test_the_works_stand_on_the_durable_batch(site: Site) -> None:
    assert site.ground().batch() is site.loop.durable
