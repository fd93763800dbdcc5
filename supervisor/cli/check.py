"""``overnight check FILE``: whether a batch file would run here, and with which values."""

import json
import os
import shutil
import time
from pathlib import Path
from typing import Any

from supervisor.cli.words import Args, CommandError
from supervisor.config.checks import machine_problems
from supervisor.config.data import user_folder
from supervisor.config.effective import effective, flat
from supervisor.config.load import load
from supervisor.config.packs import read_packs
from supervisor.core.models import BatchSpec
from supervisor.ports import ConfigError

_MOST_IDS = 10


def run(args: Args) -> int:
    """Print every fault of the file and of this machine, and the effective values; 1: faults.

    Raises:
        CommandError: no file, or more than one, was named.
    """
    if len(args.words) != 1:
        raise CommandError("check which file? overnight check FILE")
    problems: list[str] = []
    spec: BatchSpec | None = None
    try:
        spec = load(Path(args.words[0]), env=os.environ, now=time.time())  # noqa: TID251 - no engine yet
        problems = machine_problems(
            spec, env=os.environ, free_bytes=lambda path: shutil.disk_usage(path).free
        )
    except ConfigError as error:
        problems = list(error.problems)
    problems += _rule_problems()
    if args.on("json"):
        print(json.dumps(_document(spec, problems), ensure_ascii=False, indent=2))
    else:
        _tell(spec, problems)
    return 1 if problems else 0


def _rule_problems() -> list[str]:
    """Return what is wrong with the user's own rules; those that came along are tested."""
    try:
        read_packs(user_folder(os.environ) / "rules")
    except ConfigError as error:
        return list(error.problems)
    return []


def _document(spec: BatchSpec | None, problems: list[str]) -> dict[str, Any]:
    return {
        "v": 1,
        "ok": not problems,
        "problems": problems,
        "effective": effective(spec) if spec else None,
        "tasks": [task.id for task in spec.tasks] if spec else [],
    }


def _tell(spec: BatchSpec | None, problems: list[str]) -> None:
    if spec:
        print("\n".join(flat(effective(spec))))
        ids = [task.id for task in spec.tasks]
        more = f" … and {len(ids) - _MOST_IDS} more" if len(ids) > _MOST_IDS else ""
        print(f"{len(ids)} task{'s' * (len(ids) != 1)}: {', '.join(ids[:_MOST_IDS])}{more}\n")
    for problem in problems:
        print(problem)
    if problems:
        print(f"{len(problems)} problem{'s' * (len(problems) != 1)}")
    else:
        print("no problems found")
