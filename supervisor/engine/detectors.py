"""What judges text: rules, scanner and zone; exchanged when a reloaded batch file has others."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from supervisor.core.models import BatchSpec
from supervisor.core.rules import RuleBook
from supervisor.core.zones import ZoneLookup
from supervisor.ports import Scanner

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Detector:
    """All that it takes to tell what a text means."""

    rules: RuleBook
    scanner: Scanner
    zone: ZoneLookup
    """For times that name no zone, or one by its name."""


class Detectors:
    """Hands a new detector to whoever judges, once the batch asks for one. The night goes on."""

    def __init__(
        self,
        make: Callable[[BatchSpec], Detector] | None,
        takers: Sequence[Callable[[Detector], None]],
        *,
        head: Callable[[], BatchSpec],
        banner: Callable[[str, str | None, str], None],
    ) -> None:
        """``make`` may take seconds: it compiles patterns. None: detectors stay as they are."""
        self._make = make
        self._takers = takers
        self._head = head
        self._banner = banner
        self._known = _asked_for(head())
        self._news = asyncio.Event()

    def spec_changed(self) -> None:
        """Look soon whether the batch asks for another detector."""
        self._news.set()

    async def run(self) -> None:
        """Exchange detectors until cancelled."""
        while self._make is not None:
            await self._news.wait()
            self._news.clear()
            head = self._head()
            if _asked_for(head) != self._known:
                await self._exchange(self._make, head)

    async def _exchange(self, make: Callable[[BatchSpec], Detector], head: BatchSpec) -> None:
        try:
            detector = await asyncio.to_thread(make, head)
        except Exception as error:
            # Whatever is wrong with new rules, text is judged by the old ones.
            log.exception("the new rules cannot be used")
            text = f"the reloaded rules cannot be used, the ones before stay: {error}"
            self._banner("rules", text, "overnight rules list")
            return
        for take in self._takers:
            take(detector)
        self._known = _asked_for(head)
        self._banner("rules", None, "")
        log.info("text is judged by other rules now", extra={"own": len(head.rules)})


def _asked_for(head: BatchSpec) -> tuple[object, ...]:
    return head.rules, head.timezone
