"""The ``overnight`` command: finds the command's module and runs it, importing nothing else."""

import os
import sys

from supervisor.cli.command import Command
from supervisor.cli.commands import BY_NAME
from supervisor.cli.words import Args, CommandError, parsed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType

INTERRUPTED = 130


def main() -> int:
    """Carry out ``sys.argv`` and return the exit code."""
    code = 0
    try:
        code = _dispatched(sys.argv[1:])
        sys.stdout.flush()
    except CommandError as error:
        print(f"overnight: {error}", file=sys.stderr)
        code = error.code
    except KeyboardInterrupt:
        code = INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has seen enough. Python flushes once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code


def _dispatched(words: list[str]) -> int:
    """Run the command that the first word names."""
    if len(words) > 2 and words[0] in ("-b", "--batch"):
        words = [words[2], *words[:2], *words[3:]]
    if not words:
        return _called("bare", parsed([], ()))
    name, rest = words[0], words[1:]
    command = BY_NAME.get(name)
    if command is None:
        return _called("about", Args(words, {}))
    if _asks_for_help(rest):
        return _called("about", parsed(["help", name], ()))
    args = _fitting(parsed(rest, command.flags, name), command)
    if command.quick:
        return _called(command.module, args)
    return _guarded(command.module, args)


def _fitting(args: Args, command: Command) -> Args:
    """Return ``args`` if the command takes so many words; after ``--`` all are plain words."""
    if command.most is None:
        return args
    args.words += args.after or []
    if len(args.words) > command.most:
        raise CommandError(
            f"what is {args.words[command.most]!r}? overnight {command.name} {command.usage}".rstrip()
        )
    return args


def _asks_for_help(words: list[str]) -> bool:
    """Return whether ``--help`` or ``-h`` stands before any ``--``."""
    mine = words[: words.index("--")] if "--" in words else words
    return "--help" in mine or "-h" in mine


def _called(module: str, args: Args) -> int:
    """Import the command's module only now that it is needed, and call its ``run(args)``."""
    code: int = _module(module).run(args)
    return code


def _guarded(module: str, args: Args) -> int:
    """Like ``_called``, for modules that may raise our errors."""
    code: int = _module("slow").guarded(lambda: _called(module, args))
    return code


def _module(name: str) -> "ModuleType":
    module: ModuleType = __import__(f"supervisor.cli.{name}", fromlist=("run",))
    return module


if __name__ == "__main__":
    sys.exit(main())
