"""Counters that the operator described by a regular expression, searched without the risk of a hang."""

import re
from collections.abc import Callable
from functools import lru_cache
from importlib import import_module
from typing import Any

from supervisor.core.progress import Search


@lru_cache(maxsize=64)
def searching(pattern: str) -> Search:
    """Return what searches a line for done and total; google-re2 needs linear time, where it is there."""
    compiled = _compiled(pattern)

    def search(line: str) -> tuple[str, str] | None:
        found = compiled(line)
        if found is None:
            return None
        done, total = found.groups()[:2]
        return None if done is None or total is None else (done, total)

    return search


def _compiled(pattern: str) -> Callable[[str], "re.Match[str] | None"]:
    try:
        # It has no type information, and no wheel for every machine.
        re2: Any = import_module("re2")
    except ImportError:
        return re.compile(pattern).search
    options = re2.Options()
    options.log_errors = False
    try:
        search: Callable[[str], re.Match[str] | None] = re2.compile(pattern, options).search
    except re2.error:
        # Look-around and the like, which the batch file may use: lines are cut to 400 characters.
        return re.compile(pattern).search
    return search
