"""What an edited batch file reaches beside the core: those who look, and those who judge text."""

import asyncio
from collections.abc import Callable, Sequence

from supervisor.core.intents import Intent
from supervisor.core.state import Batch
from supervisor.engine.detectors import Detector, Detectors
from supervisor.engine.edited import EditedFile
from supervisor.engine.hub import Hub
from supervisor.engine.parts import Parts


class Reloading:
    """Shows the edited file, fills in reloads, and exchanges the rules once one was taken over."""

    def __init__(
        self,
        parts: Parts,
        hub: Hub,
        takers: Sequence[Callable[[Detector], None]],
        batch: Callable[[], Batch],
    ) -> None:
        """``takers`` judge text; ``batch`` returns the durable one."""
        self._file = EditedFile(parts.batch_file, batch=batch, now=parts.clock.now, show=hub.edited)
        self._detectors = Detectors(
            parts.detector, takers, head=lambda: batch().head, banner=hub.banner
        )

    async def run(self) -> None:
        """Watch until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._file.run(), name="edited file")
            group.create_task(self._detectors.run(), name="detectors")

    async def filled_in(self, intent: Intent) -> Intent:
        """See ``EditedFile.filled_in``."""
        return await self._file.filled_in(intent)

    def spec_changed(self) -> None:
        """Take in that the batch runs by another spec now."""
        self._file.spec_changed()
        self._detectors.spec_changed()
