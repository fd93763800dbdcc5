"""``overnight notify --test``: try out the command that calls you."""

import asyncio
from pathlib import Path

from supervisor.cli.batches import chosen
from supervisor.cli.text import cleaned, now
from supervisor.cli.words import Args, CommandError


def run(args: Args) -> int:
    """Send a test message by the batch's ``notify:``, and say what came of it.

    Raises:
        CommandError: ``--test`` is missing, or the batch has no ``notify:``.
        ConfigError: the batch cannot be read.
    """
    if not args.on("test"):
        raise CommandError("notify sends by itself; to try it out: overnight notify --test")
    from supervisor.bootstrap import call_operator
    from supervisor.core.message import trial
    from supervisor.engine.launch import read_launch

    entry = chosen(args, reads=True)
    spec, _ = read_launch(Path(entry.directory))
    if spec.notify is None:
        raise CommandError(
            f"{spec.source} has no notify: add  notify: {{run: ./page.sh, when: [needs_you, done]}}"
            " and run it, or reload it"
        )
    told = trial(spec.name, spec.directory, now())
    why_not = asyncio.run(call_operator(spec, told))
    if why_not:
        raise CommandError(f"notify failed: {cleaned(why_not)}; it ran: {cleaned(spec.notify.run)}")
    print(f"sent by: {cleaned(spec.notify.run)}")
    print("\n".join(f"  {line}" for line in told.text.splitlines()))
    return 0
