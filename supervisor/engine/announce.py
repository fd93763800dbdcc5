"""How an engine makes itself known: ``engine.json``, the registry of batches, the socket's place."""

import contextlib
import json
import os
import socket
import stat
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from supervisor.core.codec import loads
from supervisor.core.places import socket_path, state_home
from supervisor.ports import SupervisorError

_LONGEST_SOCKET = 100
"""Bytes; ``sun_path`` has 108 with the final zero."""


class NoPlaceError(SupervisorError):
    """No directory is fit for the engine's socket."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineInfo:
    """Who an engine is and where it listens."""

    pid: int
    start_time: int
    """Field 22 of ``/proc/PID/stat``: with pid and boot id it names one process for ever."""
    boot_id: str
    host: str
    api: int
    version: str
    socket: str
    uuid: str
    batch: str
    directory: str
    source: str
    started_at: float
    ended_at: float | None = None
    """When it ended in good order."""
    ended: str | None = None
    """Why: done, stopped, left_running."""


def boot_id() -> str:
    """Return what distinguishes this boot of this machine."""
    return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()


def start_time(pid: int) -> int | None:
    """Return when ``pid`` began, in clock ticks since boot; None: no such process, or a zombie."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    after_name = text.rpartition(")")[2].split()
    return None if after_name[0] in "ZX" else int(after_name[19])


def is_alive(info: EngineInfo) -> bool:
    """Say whether that very engine process still runs on this machine."""
    return (
        info.ended_at is None
        and info.host == socket.gethostname()
        and info.boot_id == boot_id()
        and start_time(info.pid) == info.start_time
    )


def read_info(path: Path) -> EngineInfo | None:
    """Return what ``path`` says about an engine; None: no such file, or none of ours."""
    try:
        return loads(EngineInfo, path.read_bytes())
    except (OSError, ValueError):
        return None


def announce(info: EngineInfo, home: Path) -> None:
    """Write ``engine.json`` into the state directory, and a copy into the user's registry."""
    write_json(Path(info.directory) / "engine.json", asdict(info))
    registry = _private(registry_dir(home))
    write_json(registry / f"{info.uuid.replace('-', '')[:16]}.json", asdict(info))


def say_ended(info: EngineInfo, home: Path, *, why: str, now: float) -> None:
    """Note in both places that the engine ended in good order."""
    announce(replace(info, ended_at=now, ended=why), home)


def registry_dir(home: Path) -> Path:
    """Return where the batches of this user are listed."""
    return Path(state_home(str(home))) / "batches"


def choose_socket(uuid: str, home: Path) -> Path:
    """Return where the engine of batch ``uuid`` listens; its directory exists and is private.

    Raises:
        NoPlaceError: neither the home directory nor ``/tmp`` offers a private, short path.
    """
    complaints: list[str] = []
    for directory in (Path(state_home(str(home))) / "run", Path(f"/tmp/overnight-{os.getuid()}")):
        path = Path(socket_path(str(directory), uuid))
        if len(os.fsencode(path)) > _LONGEST_SOCKET:
            complaints.append(f"{directory} is too long for a socket")
            continue
        try:
            _private(directory)
        except (OSError, NoPlaceError) as error:
            complaints.append(str(error))
            continue
        return path
    raise NoPlaceError("no place for the engine's socket: " + "; ".join(complaints))


def write_json(path: Path, document: Mapping[str, object]) -> None:
    """Replace ``path`` by ``document``, mode 0600, whole or not at all."""
    write_whole(path, (json.dumps(document),))


def write_whole(path: Path, pieces: Iterable[str]) -> None:
    """Replace ``path`` by a text that is made while it is written, mode 0600, whole or not at all."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            beside.unlink()


def _private(directory: Path) -> Path:
    """Make ``directory`` if need be; refuse one that others may enter or that is not ours."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    status = directory.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid():
        raise NoPlaceError(f"{directory} is not a directory of this user")
    if status.st_mode & 0o077:
        directory.chmod(0o700)
    return directory
