"""A witness of who made which container, who knows what a test tells it."""

import asyncio
from collections.abc import Callable, Mapping

from supervisor.core.ownership import Maker
from supervisor.ports import Known


class FakeWitness:
    """Implements ``ports.Witness``."""

    def __init__(self) -> None:
        self.now = Known()
        self.kept: dict[str, Maker] = {}
        self.ran = False
        self.happened: Callable[[], None] = _nothing

    async def run(self, happened: Callable[[], None]) -> None:
        """See ``ports.Witness``."""
        self.ran, self.happened = True, happened
        await asyncio.Event().wait()

    def known(self) -> Known:
        """See ``ports.Witness``."""
        return self.now

    def keep(self, proofs: Mapping[str, Maker]) -> None:
        """See ``ports.Witness``."""
        self.kept |= proofs


def _nothing() -> None:
    """Nobody listens yet."""
