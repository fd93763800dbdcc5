"""``overnight stop``: ends an engine in one of three ways."""

import os
import signal
import time
from typing import Literal

from supervisor.cli.batches import Entry, is_still_running, running
from supervisor.cli.confirm import on_terminal, said_yes
from supervisor.cli.fast import API
from supervisor.cli.orders import order
from supervisor.cli.targets import LIVE, status
from supervisor.cli.words import Args, CommandError
from supervisor.core.intents import Stop

_PATIENCE_S = 60.0
_LOOK_EVERY_S = 0.05

Mode = Literal["stop", "drain", "leave_running"]


def run(args: Args) -> int:
    """Stop the engine of a batch; returns when it is gone (``--drain``: when it was told).

    Raises:
        CommandError: no such engine, both flags, or it does not end.
    """
    entry = running(args, args.first())
    mode = _mode(args)
    if mode == "leave_running" and entry.api != API:
        # The way out for an engine of another version: a signal has no version.
        os.kill(entry.pid, signal.SIGTERM)
    else:
        if not _agreed(entry, mode, args):
            return 0
        order(entry, Stop(mode=mode), args.text("why"))
    if mode != "drain":
        _await_end(entry)
    return 0


def _mode(args: Args) -> Mode:
    if args.on("drain") and args.on("leave-running"):
        raise CommandError("either --drain or --leave-running")
    if args.on("drain"):
        return "drain"
    return "leave_running" if args.on("leave-running") else "stop"


def _agreed(entry: Entry, mode: Mode, args: Args) -> bool:
    """List for ``--dry-run``; on a terminal ask before running attempts are ended."""
    live = [task["task"] for task in status(entry)["tasks"] if task["phase"] in LIVE]
    if args.on("dry-run"):
        print(f"{mode.replace('_', ' ')} {entry.batch}; running now: {len(live)}")
        for task in live:
            print(f"  {task}")
        return False
    if mode != "stop" or not live or args.on("yes") or not on_terminal():
        return True
    if said_yes(f"Stop {entry.batch}? {len(live)} running tasks are ended and resume later."):
        return True
    raise CommandError("nothing was done")


def _await_end(entry: Entry) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while is_still_running(entry):
        if time.monotonic() > deadline:
            raise CommandError(
                f"told to stop, but it still runs (pid {entry.pid}); see {entry.directory}/engine.log"
            )
        time.sleep(_LOOK_EVERY_S)
