"""Ends, freezes and thaws processes; everything here blocks, for a moment only."""

import signal
import time
from collections.abc import Callable, Iterable, Sequence

from supervisor.adapters.local.members import Found
from supervisor.adapters.local.procfs import Ident, Process, command_line, lives
from supervisor.adapters.local.signals import send

Look = Callable[[], Found]
"""Lists the living members of the attempts at hand, without their shims."""

_PASSES = 8
_DEATH_S = 0.25
"""How long a killed process may take to go before the next pass."""


def ask(members: Iterable[Process]) -> None:
    """Ask processes to end. A stopped one would not notice, so it is let run on."""
    for each in members:
        send(each.ident, signal.SIGTERM)
        send(each.ident, signal.SIGCONT)


def force(look: Look) -> Found:
    """Kill all members; return those that do not die.

    They are stopped first and listed again until nobody new turns up: what forks all the time
    could outrun a mere kill.
    """
    for _ in range(_PASSES):
        found = freeze(look)
        idents = _idents(found)
        if not idents:
            return found
        for ident in idents:
            send(ident, signal.SIGKILL)
        _await_death(idents)
    return look()


def freeze(look: Look) -> Found:
    """Stop all members in mid-run, those too that are born meanwhile; return them."""
    stopped: set[Ident] = set()
    found = look()
    for _ in range(_PASSES):
        new = _idents(found) - stopped
        if not new:
            break
        for ident in new:
            send(ident, signal.SIGSTOP)
        stopped |= new
        found = look()
    return found


def thaw(found: Found) -> None:
    """Let all members run on."""
    for ident in _idents(found):
        send(ident, signal.SIGCONT)


def not_begun(member: Process, shim: Ident) -> bool:
    """Return whether this is still the shim's fork, on its way to become the command.

    A TERM that reaches it between the fork and the reset of the shim's trap is swallowed.
    """
    return member.parent == shim.pid and command_line(member.ident.pid) == command_line(shim.pid)


def describe(members: Sequence[Process]) -> str:
    """Say in words which processes do not die, and why."""
    return ", ".join(
        f"{each.name} (pid {each.ident.pid}, "
        + ("waits in the kernel" if each.state == "D" else f"state {each.state}")
        + ")"
        for each in members
    )


def _idents(found: Found) -> set[Ident]:
    return {each.ident for members in found.values() for each in members}


def _await_death(idents: Iterable[Ident]) -> None:
    deadline = time.monotonic() + _DEATH_S
    waiting = set(idents)
    while waiting and time.monotonic() < deadline:
        waiting = {ident for ident in waiting if lives(ident)}
        if waiting:
            time.sleep(0.002)
