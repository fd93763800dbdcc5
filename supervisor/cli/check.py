"""``overnight check FILE``: whether a batch file would run here, and with which values."""

import json
import os
import shutil
import time
from pathlib import Path
from typing import Any

from supervisor.cli.words import Args, CommandError
from supervisor.config.checks import machine_problems
from supervisor.config.effective import effective, flat
from supervisor.config.load import load
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
    problems += _rule_problems(spec)
    problems += _container_problems(spec)
    warnings = _rule_warnings(spec) if not problems else []
    if args.on("json"):
        print(json.dumps(_document(spec, problems, warnings), ensure_ascii=False, indent=2))
    else:
        _tell(spec, problems, warnings)
    return 1 if problems else 0


def _rule_problems(spec: BatchSpec | None) -> list[str]:
    """Return what is wrong with the operator's own rules; those that came along are tested."""
    from supervisor.bootstrap import rule_problems

    return rule_problems(spec.rules) if spec else []


def _container_problems(spec: BatchSpec | None) -> list[str]:
    """Return why a container engine would not run the file's container tasks."""
    from supervisor.docking import container_problems

    return container_problems(spec) if spec else []


def _rule_warnings(spec: BatchSpec | None) -> list[str]:
    """Return what is odd, but no fault, about the operator's own rules."""
    from supervisor.adapters.scanner.linear import leading_gap
    from supervisor.bootstrap import rule_book
    from supervisor.config.own_rules import decoded
    from supervisor.config.packs import sample_faults

    if spec is None or not spec.rules:
        return []
    rules = decoded(spec.rules)
    gaps = [
        f"{own.where}: {rule.id}: the pattern begins with {gap}, which finds nothing and slows the"
        f" scan; begin with the words that are looked for"
        for own, rule in zip(spec.rules, rules, strict=True)
        if (gap := leading_gap(rule.pattern)) is not None
    ]
    book = rule_book(spec.rules)
    counting = [rule for rule in rules if book.get(rule.id) == rule]
    return [*gaps, *sample_faults(counting, book)]


def _document(spec: BatchSpec | None, problems: list[str], warnings: list[str]) -> dict[str, Any]:
    return {
        "v": 1,
        "ok": not problems,
        "problems": problems,
        "warnings": warnings,
        "effective": effective(spec) if spec else None,
        "tasks": [task.id for task in spec.tasks] if spec else [],
    }


def _tell(spec: BatchSpec | None, problems: list[str], warnings: list[str]) -> None:
    if spec:
        print("\n".join(flat(effective(spec))))
        ids = [task.id for task in spec.tasks]
        more = f" … and {len(ids) - _MOST_IDS} more" if len(ids) > _MOST_IDS else ""
        print(f"{len(ids)} task{'s' * (len(ids) != 1)}: {', '.join(ids[:_MOST_IDS])}{more}\n")
    for warning in warnings:
        print(f"warning: {warning}")
    for problem in problems:
        print(problem)
    if problems:
        print(f"{len(problems)} problem{'s' * (len(problems) != 1)}")
    else:
        print("no problems found")
