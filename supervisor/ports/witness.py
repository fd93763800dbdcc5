"""What sees who makes containers, while they are made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol

from supervisor.core.ownership import Maker


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of whose containers are, beside what they look like."""

    makers: Mapping[str, Maker] = field(default_factory=lambda: MappingProxyType({}))
    projects: Mapping[str, Maker] = field(default_factory=lambda: MappingProxyType({}))
    claimed: frozenset[str] = frozenset()


class Witness(Protocol):
    """What sees who makes containers, and remembers it."""

    async def run(self, happened: Callable[[], None]) -> None:
        """See until cancelled; ``happened`` is called when a container came, began or went."""
        ...

    def known(self) -> Known:
        """Return what was seen so far, by earlier engines too."""
        ...

    def keep(self, proofs: Mapping[str, Maker]) -> None:
        """Remember whose containers are, also for engines to come."""
        ...
