"""What looks at the machine's GPUs."""

from collections.abc import Sequence
from typing import Protocol

from supervisor.core.cards import GpuSeen


class Gpus(Protocol):
    """The GPUs of this machine and who uses them, whoever that is."""

    def look(self) -> Sequence[GpuSeen]:
        """Return each GPU as it is now, in the order of their indexes; may take some milliseconds.

        Raises:
            GpusUnseenError: none can be seen; its words tell why and what helps.
        """
        ...
