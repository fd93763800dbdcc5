"""Reads an edited batch file for its engine: ``python -m supervisor.cli.reread FILE STATE_DIR``.

The engine starts it; nobody needs to call it by hand.
"""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from supervisor.bootstrap import rule_problems
from supervisor.cli.text import now
from supervisor.config.load import load
from supervisor.engine.launch import write_edited
from supervisor.ports import ConfigError


def main(argv: list[str]) -> int:
    """Leave the batch in its state directory and return 0; else write the faults as JSON, return 1."""
    path, directory = argv
    if problems := _read(Path(path), directory):
        print(json.dumps(problems))
        return 1
    return 0


def _read(path: Path, directory: str) -> Sequence[str]:
    try:
        spec = load(path, env=os.environ, now=now())
    except ConfigError as error:
        return error.problems
    if spec.directory != directory:
        return [f"{path}: is the batch {spec.name} now; under its old name it can be reloaded"]
    problems = rule_problems(spec.rules)
    if not problems:
        write_edited(spec)
    return problems


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
