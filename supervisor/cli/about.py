"""Help, version, and what to say about an unknown command."""

from importlib.metadata import version

from supervisor.cli.command import Command
from supervisor.cli.commands import BY_NAME, COMMANDS
from supervisor.cli.nearest import hint
from supervisor.cli.words import Args, CommandError, Flag

_WIDTH = 22


def run(args: Args) -> int:
    """Answer ``help [COMMAND]``, ``--help``, ``--version``, or refuse an unknown word.

    Raises:
        CommandError: there is no such command.
    """
    word = args.words[0]
    if word in ("--version", "-V", "version"):
        print(f"overnight {version('overnight')}")
    elif word in ("--help", "-h", "help"):
        topic = args.words[1] if len(args.words) > 1 else None
        print(_page(topic) if topic else overview())
    else:
        raise CommandError(
            f"unknown {'flag' if word.startswith('-') else 'command'} {word}"
            f"{hint(word, list(BY_NAME))} (overnight --help lists them)"
        )
    return 0


def overview() -> str:
    """Return the page of ``overnight --help``."""
    lines = [f"  {command.name:<{_WIDTH}}{command.help}" for command in COMMANDS]
    return "\n".join(
        [
            "usage: overnight COMMAND [ARGUMENTS]; overnight alone opens the running batch",
            "",
            *lines,
            "",
            "overnight COMMAND --help tells more; reading commands have --json.",
            "Exit codes: 0 all succeeded, 1 failed or wrong usage, 2 not finished because of a",
            "limit, 130 interrupted. Leaving the screen exits 0: the batch runs on.",
        ]
    )


def _page(topic: str) -> str:
    """Return the help page of one command."""
    command = BY_NAME.get(topic)
    if command is None:
        raise CommandError(f"unknown command {topic}{hint(topic, list(BY_NAME))}")
    parts = [
        f"usage: overnight {command.name} {command.usage}".rstrip(),
        "",
        f"{command.help[0].upper()}{command.help[1:]}.",
        *(["", command.about] if command.about else []),
        "",
        *_flag_lines(command),
    ]
    return "\n".join(parts)


def _flag_lines(command: Command) -> list[str]:
    """Return one line for each flag."""
    return [f"  {_written(flag):<{_WIDTH}}  {flag.help}" for flag in command.flags]


def _written(flag: Flag) -> str:
    """Return a flag as one types it."""
    letter = f"-{flag.letter}, " if flag.letter else ""
    return f"{letter}--{flag.name}{' ' + flag.value if flag.value else ''}"
