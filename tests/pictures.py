"""``python -m tests.pictures``: takes the pictures of ``docs/pictures`` anew, from real nights.

The demo and the demo with containers run; the real program shows them in pseudo-terminals of three
sizes, and what these terminals show is drawn.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.drawing import drawn
from tests.e2e.night import OVERNIGHT
from tests.e2e.shown import Shown
from tests.support import until_sync
from tests.terminal import terminal

PICTURES = Path(__file__).parent.parent / "docs" / "pictures"
SIZES = ((80, 24), (120, 40), (200, 50))
ESCAPE = "\x1b"
TASK = "91-int8"
"""One with more than one attempt."""


class Album:
    """One batch, shown in terminals of all sizes at once."""

    def __init__(self, seen: Sequence[Shown]) -> None:
        self._seen = seen

    def keys(self, *keys: str) -> None:
        """Press keys in every terminal."""
        for shown in self._seen:
            shown.keys(*keys)

    def wait(self, *words: str) -> None:
        """Wait until every terminal shows ``words`` in one line."""
        for shown in self._seen:
            shown.sees(*words, timeout_s=120)

    def take(self, name: str) -> None:
        """Write what every terminal shows now."""
        for shown, (columns, lines) in zip(self._seen, SIZES, strict=True):
            path = PICTURES / f"{name}-{columns}x{lines}.svg"
            path.write_text(drawn(shown.cells()), encoding="utf-8")
            print(path.name, path.stat().st_size, flush=True)


def plain(place: Path) -> dict[str, str]:
    """Return an environment of which nothing tells where the pictures were taken."""
    return {"PATH": os.environ["PATH"], "HOME": str(place.parent), "LANG": "C.UTF-8"}


@contextmanager
def demo(place: Path, *flags: str) -> Generator[None]:
    """Run a demo night in ``place`` behind the scenes; wait for its end on leaving."""
    argv = [OVERNIGHT, "demo", "--headless", "--dir", str(place), *flags]
    silent = subprocess.DEVNULL
    with subprocess.Popen(argv, env=plain(place), stdout=silent, stderr=silent) as night:
        state = place / ".overnight"
        until_sync(lambda: list(state.glob("*/engine.json")), timeout_s=60)
        yield
        night.terminate()


@contextmanager
def album(place: Path) -> Generator[Album]:
    """Attach in terminals of all sizes."""
    argv = [OVERNIGHT, "attach", "-b", str(place / "demo.yaml")]
    with ExitStack() as stack:
        seen: list[Shown] = []
        for size in SIZES:
            ui = stack.enter_context(terminal(argv, cwd=place, environment=plain(place), size=size))
            seen.append(Shown(ui, size))
        yield Album(seen)


def night(place: Path) -> None:
    """Take the pictures of a night without containers."""
    with demo(place), album(place) as pictures:
        pictures.wait("running")
        pictures.keys("?")
        pictures.take("help")
        pictures.keys(ESCAPE)
        pictures.wait("HELD", "subscription")
        pictures.keys("g")
        pictures.take("overview")
        pictures.keys("6")
        pictures.wait("cpu", "cores")
        pictures.take("resources")
        pictures.keys("1")
        pictures.wait("39 of 40")
        pictures.take("summary")
        pictures.keys(ESCAPE, "3")
        pictures.wait("broken")
        pictures.take("failures")
        pictures.keys("4")
        pictures.wait("subscription")
        pictures.take("timeline")
        pictures.keys("1", "/", TASK, "\r")
        pictures.wait(TASK)
        pictures.keys("\r")
        pictures.wait("attempt 1")
        pictures.take("task")
        pictures.keys("l", "[", "o")
        pictures.wait("cublas")
        pictures.take("log")


def containers(place: Path) -> None:
    """Take the picture of a night with containers."""
    with demo(place, "--docker"), album(place) as pictures:
        pictures.wait("running")
        pictures.keys("?", ESCAPE, "2")
        pictures.wait("Containers", "2 busy", "idle")
        pictures.take("containers")


def main() -> int:
    """Take all of them."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        night(Path(folder) / "demo")
        containers(Path(folder) / "demo-docker")
    return 0


if __name__ == "__main__":
    sys.exit(main())
