"""``overnight add``: a task into the running batch, or into a new one called ``adhoc``."""

import os
import sys
from pathlib import Path

from supervisor.cli.batches import Entry, chosen, known
from supervisor.cli.oneline import addition
from supervisor.cli.orders import order
from supervisor.cli.text import now
from supervisor.cli.words import Args, CommandError
from supervisor.core.intents import Add
from supervisor.core.options import RunOptions
from supervisor.engine.launch import read_launch


def run(args: Args) -> int:
    """Hand the task over; with no batch running, start one that has just this task."""
    entry = _running(args)
    if entry is None:
        return _adhoc(args)
    spec, _ = read_launch(Path(entry.directory))
    wish = addition(args, directory=Path.cwd(), stdin=sys.stdin, now=now(), zone=spec.timezone)
    for task in wish.tasks:
        order(entry, Add(task=task, parallel=args.number("parallel")), args.text("why"))
    return 0


def _running(args: Args) -> Entry | None:
    """Return the batch to add to; None when none runs and none was named."""
    if args.text("batch") is None and not any(entry.running for entry in known()):
        return None
    entry = chosen(args, reads=False)
    if entry.running:
        return entry
    if args.text("batch") is None:
        return _only_running()
    raise CommandError(
        f"{entry.batch} is not running; overnight run {entry.source} goes on with it"
    )


def _only_running() -> Entry:
    """Return the only batch that runs: the one in this directory has ended."""
    running = [entry for entry in known() if entry.running]
    if len(running) == 1:
        return running[0]
    lines = "\n".join(f"  {entry.title()}" for entry in running)
    raise CommandError(f"to which batch? Name one with -b:\n{lines}")


def _adhoc(args: Args) -> int:
    from supervisor.cli.run import start
    from supervisor.config.load import load

    wish = addition(args, directory=Path.cwd(), stdin=sys.stdin, now=now(), zone=None)
    spec = load(wish.into_adhoc(Path.cwd()), env=os.environ, now=now())
    print("no batch runs: starting the batch adhoc")
    return start(spec, RunOptions(), args)
