"""Questions before what destroys."""

import sys

from supervisor.cli.words import Args, CommandError


def on_terminal() -> bool:
    """Return whether a person can be asked: input and output are a terminal."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def confirm(question: str, args: Args) -> None:
    """Return if ``--yes`` was given or the person on the terminal says yes.

    Raises:
        CommandError: the answer is no, or nobody can be asked.
    """
    if args.on("yes"):
        return
    if not on_terminal():
        raise CommandError(f"{question} Give --yes to do it without being asked.")
    if not said_yes(question):
        raise CommandError("nothing was done")


def said_yes(question: str) -> bool:
    """Ask on the terminal; anything but y or yes is a no."""
    print(f"{question} [y/N] ", end="", flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")
