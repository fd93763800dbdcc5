"""``overnight init [FILE]``: writes a starter batch file."""

import os
from pathlib import Path

from supervisor.cli.words import Args, CommandError
from supervisor.config.data import find


def run(args: Args) -> int:
    """Write the starter file to FILE, else to ``night.yaml``; what exists is never overwritten.

    Raises:
        CommandError: the file exists or cannot be written.
    """
    if len(args.words) > 1:
        raise CommandError("one file at a time: overnight init [FILE]")
    path = Path(args.first() or "night.yaml")
    text = find("configs/starter.yaml", os.environ).read_text(encoding="utf-8")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise CommandError(f"{path} exists; name another file: overnight init FILE") from error
    except OSError as error:
        raise CommandError(f"{path}: cannot write it: {error.strerror}") from error
    print(f"wrote {path}; edit it, then: overnight check {path} && overnight run {path}")
    return 0
