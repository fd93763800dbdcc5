"""What an error means: by the supervisor's own rules and its own judge, with ``re`` alone.

The first call takes a good part of a second, for the rules are loaded then.
"""

import os
import time
from dataclasses import dataclass
from datetime import UTC, tzinfo
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from supervisor.core.codec import loads
from supervisor.core.judging import Judge
from supervisor.core.rules import Rule, RuleBook
from supervisor.kit.errors import KitError
from supervisor.kit.matching import LineScanner

if TYPE_CHECKING:
    from collections.abc import Mapping

LIMITS = frozenset({"rate_limit", "usage_window"})
"""Classes that pass by waiting."""
_NEED_YOU = frozenset({"quota", "auth"})
_BY_TYPE = {
    "TimeoutError": "timeout",
    "ConnectionError": "network",
    "BrokenProcessPool": "pool_crash",
    "MemoryError": "host_oom",
}
_LONGEST = 64 * 1024
_FARTHEST_S = 31 * 86400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """What an error means."""

    error_class: str
    """One of the supervisor's words; ``unknown`` where no rule explains it."""
    line: str = ""
    """The line that proves it: no escapes, no secrets, at most 500 characters."""
    rule: str = ""
    """The rule that found it."""
    retry_at: float | None = None
    """When to try again, as it says itself (Unix seconds, no slack); None: it does not say."""

    @property
    def is_limit(self) -> bool:
        """Whether waiting helps, as it does for a rate limit or a used-up window."""
        return self.error_class in LIMITS

    @property
    def needs_you(self) -> bool:
        """Whether a person must do something first: an empty account, an expired login."""
        return self.error_class in _NEED_YOU


def classify(error: BaseException | str, *, now: float | None = None) -> Cause:
    """Return what an exception, or the text of an error, means.

    ``now`` is when it was written (Unix seconds; default: now). A ``Retry-After`` header of the
    response that an exception carries counts where its text states no time.
    """
    at = time.time() if now is None else now  # noqa: TID251 - runners have no clock port
    text = error if isinstance(error, str) else _text(error)
    judged = _judge().judge([text[-_LONGEST:].encode("utf-8", "replace")], at, live=False)
    verdict = judged.verdict
    found = str(verdict.error_class) if judged.proof is not None else "unknown"
    if found == "unknown" and not isinstance(error, str):
        names = (kind.__name__ for kind in type(error).__mro__)
        found = next((_BY_TYPE[name] for name in names if name in _BY_TYPE), found)
    retry_at = verdict.retry_at
    if retry_at is None and found in LIMITS and not isinstance(error, str):
        wait_s = _header_s(error)
        retry_at = None if wait_s is None else at + wait_s
    return Cause(
        error_class=found,
        line=judged.proof.line if judged.proof is not None else "",
        rule=verdict.rule or "",
        retry_at=retry_at,
    )


def _text(error: BaseException) -> str:
    import traceback

    return "".join(traceback.format_exception(error))


def _header_s(error: BaseException) -> float | None:
    """Return what the response of an HTTP library's exception says to wait, in seconds."""
    response: object = getattr(error, "response", error)
    headers: object = getattr(response, "headers", None)
    if not hasattr(headers, "get"):
        return None
    fields = cast("Mapping[str, str]", headers)
    for name, unit_s in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            wait_s = float(fields.get(name) or "") * unit_s
        except (TypeError, ValueError):
            continue
        if 0 <= wait_s <= _FARTHEST_S:
            return wait_s
    return None


@lru_cache(maxsize=1)
def _judge() -> Judge:
    rules = _rules()
    return Judge(RuleBook(rules), LineScanner(rules).scan, _zone)


def _rules() -> tuple[Rule, ...]:
    here = Path(__file__).resolve()
    places = (
        here.with_name("rules.json"),
        here.parents[1] / "_data" / "configs" / "rules.json",
        here.parents[2] / "configs" / "rules.json",
    )
    for place in places:
        if place.is_file():
            return loads(tuple[Rule, ...], place.read_bytes())
    raise KitError(f"the rules are missing: {places[0]}; install or copy the kit again")


@lru_cache(maxsize=64)
def _zone(name: str) -> tzinfo | None:
    """Return the zone of that IANA name; of the empty one the machine's own."""
    wanted = name or os.environ.get("TZ", "").removeprefix(":")
    try:
        if wanted:
            return ZoneInfo(wanted)
        with Path("/etc/localtime").open("rb") as file:
            return ZoneInfo.from_file(file, key="localtime")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None if name else UTC
