"""Rules of a reloaded batch take the place of those before; broken ones do not."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from supervisor.adapters.scanner import ReScanner
from supervisor.core.models import BatchSpec, ErrorClass, OwnRule
from supervisor.core.rules import Rule, RuleBook
from supervisor.engine.detectors import Detector, Detectors
from tests.engine.batches import spec_of
from tests.support import until


def detector(*patterns: str) -> Detector:
    """Return one whose rules are called ``new.0`` and so on."""
    rules = RuleBook(
        Rule(id=f"new.{at}", error_class=ErrorClass.QUOTA, pattern=pattern)
        for at, pattern in enumerate(patterns)
    )
    return Detector(rules=rules, scanner=ReScanner(rules), zone=lambda _: None)


class Bench:
    def __init__(self) -> None:
        self.head = spec_of("g/a")
        self.made: list[BatchSpec] = []
        self.taken: list[Detector] = []
        self.banners: dict[str, str | None] = {}
        self.broken = ""
        self.detectors = Detectors(
            self.make,
            [self.taken.append, self.taken.append],
            head=lambda: self.head,
            banner=self.banner,
        )

    def banner(self, key: str, text: str | None, command: str) -> None:
        self.banners[key] = text

    def make(self, head: BatchSpec) -> Detector:
        self.made.append(head)
        if self.broken:
            raise ValueError(self.broken)
        return detector()

    def reload(self, **head: object) -> None:
        self.head = replace(self.head, **head)  # type: ignore[arg-type]
        self.detectors.spec_changed()


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    made = Bench()
    async with asyncio.TaskGroup() as group:
        task = group.create_task(made.detectors.run(), name="detectors")
        yield made
        task.cancel()


async def test_new_rules_and_another_zone_reach_everybody(bench: Bench) -> None:
    bench.reload(rules=(OwnRule(where="x:1", text="{}"),))
    await until(lambda: len(bench.taken) == 2)
    bench.reload(timezone="Asia/Tokyo")
    await until(lambda: len(bench.taken) == 4)
    bench.reload(parallel=3)
    bench.reload(rules=())
    await until(lambda: len(bench.taken) == 6)
    assert len(bench.made) == 3, "what judges text does not depend on parallelism"


async def test_rules_that_cannot_be_used_leave_the_old_ones(bench: Bench) -> None:
    bench.broken = "no such file"
    bench.reload(timezone="UTC")
    await until(lambda: bench.banners)
    assert bench.taken == []
    assert "the ones before stay: no such file" in (bench.banners["rules"] or "")
    bench.broken = ""
    bench.reload()
    await until(lambda: bench.taken)
    assert bench.banners["rules"] is None


async def test_without_a_maker_nothing_is_exchanged() -> None:
    one = Bench()
    await Detectors(None, [one.taken.append], head=lambda: one.head, banner=one.banner).run()
