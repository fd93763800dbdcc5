"""A real engine for a benchmark: started detached, stopped at the end."""

import json
import os
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.processes import OVERNIGHT
from tests.e2e.night import is_alive


@dataclass(frozen=True, slots=True)
class Engine:
    """A running engine and how to reach it."""

    place: Path
    environment: dict[str, str]
    pid: int

    def status(self) -> dict[str, object]:
        """Return the status document."""
        argv = [OVERNIGHT, "status", "--json"]
        done = subprocess.run(
            argv, cwd=self.place, env=self.environment, capture_output=True, check=True
        )
        return dict(json.loads(done.stdout))


@contextmanager
def running(place: Path, batch: str) -> Generator[Engine]:
    """Start an engine for the text of a batch file named ``bench.yaml`` in ``place``."""
    home = place / "home"
    home.mkdir(exist_ok=True)
    (place / "bench.yaml").write_text(batch)
    # Compiled rules are shared by all engines of a benchmark: only the first one compiles them.
    environment = {**os.environ, "HOME": str(home), "XDG_CACHE_HOME": str(place.parent / "cache")}
    subprocess.run(
        [OVERNIGHT, "run", "bench.yaml", "--detach"],
        cwd=place,
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    info = json.loads((place / ".overnight/bench/engine.json").read_text())
    try:
        yield Engine(place, environment, info["pid"])
    finally:
        if is_alive(info["pid"]):  # a short batch may be over by itself
            subprocess.run(
                [OVERNIGHT, "stop", "bench", "--yes"],
                cwd=place,
                env=environment,
                stdout=subprocess.DEVNULL,
                check=False,
            )
