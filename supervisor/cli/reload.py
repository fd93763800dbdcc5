"""``overnight reload``: takes over an edited batch file after showing the difference."""

import os
from pathlib import Path

from supervisor.bootstrap import rule_problems
from supervisor.cli.batches import running
from supervisor.cli.confirm import confirm
from supervisor.cli.orders import asked, order
from supervisor.cli.text import cleaned, now
from supervisor.cli.words import Args, CommandError
from supervisor.config.load import load
from supervisor.core.intents import Reload
from supervisor.ports import ConfigError


def run(args: Args) -> int:
    """Show what changes, ask, and hand the new batch to the engine.

    Raises:
        CommandError: the file is another batch's, or nobody agreed.
        ConfigError: it is wrong.
    """
    entry = running(args)
    path = Path(args.first() or entry.source)
    after = load(path, env=os.environ, now=now())
    if after.directory != entry.directory:
        raise CommandError(f"{path} is the batch {after.name}, not {entry.batch}")
    if problems := rule_problems(after.rules):
        raise ConfigError(problems)
    lines = asked(entry, Reload(spec=after, preview=True)).messages
    for line in lines:
        print(cleaned(line))
    if not lines:
        print("nothing differs from the batch that runs")
        return 0
    if args.on("dry-run"):
        return 0
    confirm(f"Apply {path.name} to {entry.batch}?", args)
    order(entry, Reload(spec=after), args.text("why"))
    return 0
