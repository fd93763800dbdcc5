"""The rounds of retries as values: what is sent next, and what the manifest says of them.

Only decisions. A journal of facts is all there is to know; reading it anew gives the same plan.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from supervisor.kit.batches_types import BatchResult

RetryStatus = Literal["in_progress", "completed", "exhausted", "batch_failed"]
"""``completed``: all recovered, or failed for good; ``exhausted``: no round is left for the rest;
``batch_failed``: the last round failed as a whole."""

NO_RESULT = "no_result: the batch has none for it"

Fact = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One batch, from the intent to send it on."""

    key: str
    ids: tuple[str, ...]
    since: float
    """When it was about to be sent (Unix seconds)."""
    batch_id: str | None = None
    results: Mapping[str, BatchResult] | None = None
    failed: str | None = None
    """Why the whole batch failed."""

    @property
    def is_over(self) -> bool:
        """Tell whether nothing more will be known of it."""
        return self.results is not None or self.failed is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Retries:
    """What is known: the failures it began with, and the rounds since."""

    failures: Mapping[str, BatchResult]
    rounds: tuple[Round, ...] = ()
    is_permanent: Callable[[BatchResult], bool] = field(repr=False)

    @property
    def succeeded(self) -> list[BatchResult]:
        """Return the results that retries brought."""
        return [one for one in self._last().values() if one.success]

    @property
    def still_failed(self) -> list[BatchResult]:
        """Return the failures that are left, with the error of their last try."""
        return [one for one in self._last().values() if not one.success]

    @property
    def worth_sending(self) -> list[str]:
        """Return the ids of failures that may succeed, in their first order."""
        return [one.custom_id for one in self.still_failed if not self.is_permanent(one)]

    @property
    def under_way(self) -> Round | None:
        """Return the round that is not over."""
        return self.rounds[-1] if self.rounds and not self.rounds[-1].is_over else None

    def status(self, max_retries: int) -> RetryStatus:
        """Return where it stands."""
        if self.under_way is not None:
            return "in_progress"
        if self.rounds and self.rounds[-1].failed is not None:
            return "batch_failed"
        if not self.worth_sending:
            return "completed"
        return "in_progress" if len(self.rounds) < max_retries else "exhausted"

    def entry(self, max_retries: int) -> dict[str, object]:
        """Return the manifest's entry for this stage."""
        failed = self.still_failed
        return {
            "final_failed_ids": [one.custom_id for one in failed],
            "total_failures": len(self.failures),
            "recovered_by_retry": len(self.failures) - len(failed),
            "retry_attempts": sum(one.batch_id is not None for one in self.rounds),
            "errors": {one.custom_id: one.error for one in failed},
            "retry_batch_ids": [one.batch_id for one in self.rounds if one.batch_id is not None],
            "retry_status": self.status(max_retries),
        }

    def _last(self) -> dict[str, BatchResult]:
        last = dict(self.failures)
        for one in self.rounds:
            for custom_id in one.ids if one.results is not None else ():
                last[custom_id] = _result(one, custom_id)
        return last


def told(retries: Retries, facts: Iterable[Fact]) -> Retries:
    """Return what is known after ``facts``, in the order in which they came about.

    A fact is ``{"fact": "submitting", "key", "ids", "at"}``, ``{"fact": "submitted", "batch_id"}``,
    ``{"fact": "refused"}`` (nothing was sent), ``{"fact": "results", "rows"}`` or
    ``{"fact": "failed", "reason"}``; all but the first are about the last round.
    """
    rounds = list(retries.rounds)
    for fact in facts:
        match fact["fact"]:
            case "submitting":
                rounds.append(Round(key=fact["key"], ids=tuple(fact["ids"]), since=fact["at"]))
            case "submitted":
                rounds[-1] = replace(rounds[-1], batch_id=fact["batch_id"])
            case "refused":
                rounds.pop()
            case "results":
                rows = [BatchResult(**row) for row in fact["rows"]]
                rounds[-1] = replace(rounds[-1], results={row.custom_id: row for row in rows})
            case "failed":
                rounds[-1] = replace(rounds[-1], failed=fact["reason"])
            case _:
                continue  # a fact of a later version
    return replace(retries, rounds=tuple(rounds))


def poll_delay_s(
    number: int, *, base_s: float, cap_s: float, jitter: Callable[[float, float], float]
) -> float:
    """Return the wait in seconds before the ``number``-th look, counted from 1."""
    doubled = base_s * 2.0 ** min(number - 1, 60)
    return min(cap_s, doubled * jitter(0.8, 1.2))


def _result(one: Round, custom_id: str) -> BatchResult:
    results: Mapping[str, BatchResult] = one.results or {}
    return results.get(custom_id) or BatchResult(
        custom_id=custom_id, success=False, error=NO_RESULT
    )


def strangers(one: Round, rows: Sequence[BatchResult]) -> list[str]:
    """Return ids of results that were never sent in this round: then the batch is another's."""
    return sorted({row.custom_id for row in rows} - set(one.ids))
