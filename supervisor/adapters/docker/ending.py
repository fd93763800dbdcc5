"""Ends containers that somebody else made: save, stop, kill, remove, each with a time limit."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

from supervisor.adapters.docker.client import Docker
from supervisor.adapters.docker.keeping import ERROR_FILES, save
from supervisor.ports.containers import Ended
from supervisor.ports.errors import DaemonUnreachableError, NoSuchContainerError, SupervisorError

STOP_S, KILL_S, REMOVE_S = 15.0, 10.0, 10.0
_GRACE_S = 10
"""What the engine itself leaves between its TERM and its KILL; below ``STOP_S``."""
_ASK_S = 10.0
_SAVED_AT_ONCE = 8
_TERM = 15

_Step = Literal["stopped", "killed", "removed"]


async def end(
    docker: Docker, ids: Sequence[str], keep: Path, files: Sequence[str] = ERROR_FILES
) -> Sequence[Ended]:
    """End and remove containers with their anonymous volumes, all at once; see ``Containers.end``.

    35 s after its data is saved each is out of the way or called unkillable; no one waits for another.

    Raises:
        DaemonUnreachableError: nobody answers at all; nothing was done.
    """
    await docker.get("_ping", limit_s=_ASK_S)
    room = asyncio.Semaphore(_SAVED_AT_ONCE)
    async with asyncio.TaskGroup() as group:
        ends = [group.create_task(_end(docker, id_, keep, files, room)) for id_ in ids]
    return tuple(one.result() for one in ends)


async def save_all(
    docker: Docker, ids: Sequence[str], keep: Path, files: Sequence[str] = ERROR_FILES
) -> None:
    """Save what explains containers that go on; those that are gone, or do not answer, are left out.

    Raises:
        DaemonUnreachableError: nobody answers at all.
    """
    await docker.get("_ping", limit_s=_ASK_S)
    room = asyncio.Semaphore(_SAVED_AT_ONCE)

    async def one(id_: str) -> None:
        async with room:
            with suppress(SupervisorError):
                told = await docker.get(f"containers/{id_}/json", limit_s=_ASK_S)
                await save(docker, id_, told, keep, files)

    async with asyncio.TaskGroup() as group:
        for id_ in ids:
            group.create_task(one(id_), name="save container")


async def _end(
    docker: Docker, id_: str, keep: Path, files: Sequence[str], room: asyncio.Semaphore
) -> Ended:
    kept: tuple[Path, ...] = ()
    name, troubles = id_[:12], list[str]()
    grace_s = _GRACE_S
    try:
        async with room:
            told = await docker.get(f"containers/{id_}/json", limit_s=_ASK_S)
            name = str(told["Name"]).lstrip("/")
            kept, unsaved = await save(docker, id_, told, keep, files)
            grace_s = await asyncio.to_thread(_grace_s, docker, id_, told)
        if unsaved:
            troubles.append(f"not saved: {unsaved}")
    except NoSuchContainerError:
        return Ended(id=id_, name=name, how="gone")
    except SupervisorError as error:
        troubles.append(f"not saved: {error}")
    how = await _escalate(docker, id_, grace_s, troubles)
    return Ended(id=id_, name=name, how=how, kept=kept, trouble="; ".join(troubles))


async def _escalate(docker: Docker, id_: str, grace_s: int, troubles: list[str]) -> str:
    """Go from asking to removing by force; return the step that did it."""
    done: _Step | None = None
    with _noting(troubles, "stop"):
        await _accepted(docker, f"containers/{id_}/stop", {"t": grace_s}, STOP_S)
        done = "stopped"
    if done is None:
        with _noting(troubles, "kill"):
            await _accepted(docker, f"containers/{id_}/kill", {}, KILL_S)
            done = "killed"
    with _noting(troubles, "remove"):
        await _remove(docker, id_)
        return done or "removed"
    if await _gone(docker, id_):
        return done or "removed"
    return "unkillable"


class _noting:  # noqa: N801 - reads as a word, like contextlib's own
    """Writes down why a step did not work, and goes on."""

    def __init__(self, troubles: list[str], step: str) -> None:
        self._troubles = troubles
        self._step = step

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> bool:
        if isinstance(error, SupervisorError | TimeoutError):
            self._troubles.append(f"{self._step}: {str(error) or 'took too long'}")
            return True
        return False


async def _accepted(docker: Docker, path: str, params: dict[str, int], limit_s: float) -> None:
    with suppress(NoSuchContainerError):  # it removes itself when it ends
        await docker.post(path, dict(params), limit_s=limit_s)


async def _remove(docker: Docker, id_: str) -> None:
    """Remove it, or wait until whoever removes it already is through."""
    async with asyncio.timeout(REMOVE_S):
        try:
            await docker.delete(f"containers/{id_}", {"force": True, "v": True}, limit_s=REMOVE_S)
        except NoSuchContainerError:
            return
        except DaemonUnreachableError:
            raise
        except SupervisorError as error:
            if "already in progress" not in str(error):
                raise
            with suppress(NoSuchContainerError):
                await docker.post(f"containers/{id_}/wait", {"condition": "removed"})


async def _gone(docker: Docker, id_: str) -> bool:
    try:
        await docker.get(f"containers/{id_}/json", limit_s=_ASK_S)
    except NoSuchContainerError:
        return True
    except SupervisorError:
        return False
    return False


def _grace_s(docker: Docker, id_: str, told: dict[str, Any]) -> int:
    """Return how long to wait for a polite end: not at all where the first process cannot hear.

    As the first of its name space it gets no signal it has no handler for (pid_namespaces(7)), and
    ``tail -f /dev/null`` has none: most of what is ended here would be waited for in vain.
    """
    pid, signal = told["State"].get("Pid"), told["Config"].get("StopSignal")
    local = docker.place.socket is not None
    if not pid or not local or signal not in (None, "", "SIGTERM", "TERM", str(_TERM)):
        return _GRACE_S
    try:
        ours = id_ in Path(f"/proc/{pid}/cgroup").read_text(encoding="ascii", errors="replace")
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return _GRACE_S
    caught = next((line for line in status.splitlines() if line.startswith("SigCgt:")), "")
    if not ours or not caught:
        return _GRACE_S
    hears = bool(int(caught.split()[1], 16) >> (_TERM - 1) & 1)
    return _GRACE_S if hears else 0
