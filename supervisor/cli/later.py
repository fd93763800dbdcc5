"""Commands that are known but not in this version yet."""

from supervisor.cli.words import Args, CommandError


def run(args: Args) -> int:
    """Say so.

    Raises:
        CommandError: always.
    """
    raise CommandError(f"{args.command}: not in this version yet")
