"""What watches the edited batch file, and reads it apart from the engine."""

from collections.abc import AsyncGenerator, Callable, Collection
from typing import Protocol


class BatchFile(Protocol):
    """The batch file of a running batch, with the files that it names."""

    def edited(self, paths: Callable[[], Collection[str]]) -> AsyncGenerator[None, None]:
        """Yield soon after any of ``paths`` was written, replaced, removed or came to be.

        Which those are is asked anew each time.
        """
        ...

    async def read(self) -> None:
        """Read and check the file in a process of its own, which leaves what it says in the state
        directory (``engine.launch.read_edited``).

        Raises:
            ConfigError: with every fault, each with file and line.
        """
        ...
