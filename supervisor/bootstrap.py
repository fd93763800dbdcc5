"""Composition root: the one module that knows every layer. Heavy parts are imported where used."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from supervisor.core.models import BatchSpec
    from supervisor.core.options import RunOptions
    from supervisor.engine.announce import EngineInfo
    from supervisor.engine.launch import Launched
    from supervisor.ports import EngineApi

__all__ = ["connect", "find_batches", "launch_engine", "run_engine"]


def launch_engine(spec: "BatchSpec", options: "RunOptions") -> "Launched":
    """Start the batch's engine, detached, and return once it runs or has nothing to do.

    Raises:
        ConfigError: the engine refused what was asked; its words tell the way out.
        EngineBusyError: another engine runs this batch.
        EngineGoneError: it died while starting.
    """
    from supervisor.engine.launch import spawn, write_launch

    return spawn(write_launch(spec, options))


def connect(info: "EngineInfo") -> "EngineApi":
    """Return the engine behind ``info``, over its socket."""
    from supervisor.ipc.client import SocketEngine

    return SocketEngine(Path(info.socket))


def find_batches() -> "list[tuple[EngineInfo, bool]]":
    """Return what is known of this user's batches, newest first, each with whether it runs now."""
    from supervisor.engine.announce import is_alive, read_info, registry_dir

    known = [read_info(path) for path in registry_dir(Path.home()).glob("*.json")]
    batches = [(info, is_alive(info)) for info in known if info is not None]
    return sorted(batches, key=lambda batch: batch[0].started_at, reverse=True)


def run_engine(state_dir: Path, ready_fd: int | None) -> int:
    """Be the engine of ``state_dir`` until its batch is done or it is told to stop."""
    from supervisor.engine.process import run

    return run(state_dir, ready_fd)
