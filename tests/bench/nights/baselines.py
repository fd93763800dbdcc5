"""What people use today, each with the formula of its source; and a clairvoyant, for the most there is."""

import re
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tests.bench.nights.night import Night
from tests.bench.nights.plan import GROUPS, LARGEST, Job, Stream
from tests.bench.nights.world import Run


class Pool:
    """Runs each group's tasks in order, so many at once. What an end means is for others to say."""

    name = ""
    timeout_s: float | None = None

    def __init__(self, night: Night) -> None:
        self._night = night
        self._queue: dict[str, deque[Job]] = {group.name: deque() for group in GROUPS}
        self._free = {group.name: group.parallel for group in GROUPS}
        self._tries: dict[str, int] = {}
        self.given_up: set[str] = set()
        for job in night.plan.jobs.values():
            self._queue[job.group].append(job)

    def begin(self) -> None:
        for name in self._queue:
            self._fill(name)

    def wrote(self, run: Run, stream: Stream, text: str) -> None:
        """Nobody reads what runs write before they end."""

    def silent(self, run: Run) -> None:
        """Nobody sees it."""

    def ended(self, run: Run, code: int) -> None:
        raise NotImplementedError

    def _fill(self, name: str) -> None:
        while self._free[name] > 0 and self._queue[name]:
            self._free[name] -= 1
            self._try(self._queue[name].popleft())

    def _try(self, job: Job) -> None:
        """Begin the next attempt of a job that has a slot."""
        self._tries[job.id] = self._tries.get(job.id, 0) + 1
        run = self._night.launch(job)
        if self.timeout_s is not None:
            allowed_s = self.timeout_s * self._tries[job.id]
            self._night.clock.after(allowed_s, lambda: self._late(run))

    def _late(self, run: Run) -> None:
        if not run.over:
            run.written.append("timed out\n")
            self._night.world.stop(run)

    def _over(self, job: Job) -> None:
        """The job's slot is free."""
        self._free[job.group] += 1
        self._fill(job.group)

    def _give_up(self, job: Job) -> None:
        self.given_up.add(job.id)
        self._over(job)


class FixedRetries(Pool):
    """Three tries inside the slot, as benchmark scripts do that call ``run_with_retry``.

    Source: ``run_with_retry`` and ``is_retryable_error`` of github.com/ronanhansel/agent-debug,
    ``scripts/run_scicode_fixes.py``: ``for attempt in range(max_retries)`` with ``max_retries=3`` and
    a timeout of ``base_timeout * (attempt + 1)``, ``base_timeout=3600``; after an end whose output
    has one of its patterns it sleeps ``min(60, 2 ** attempt + uniform(0, 5))``, after a time-out
    ``min(30, 2 ** attempt + uniform(0, 3))``; any other failure is final.
    """

    name = "fixed 3 retries"
    timeout_s = 3600.0
    _PATTERNS = (
        "timeout", "timed out", "connection reset", "connection refused", "connection error", "503",
        "504", "502", "500", "429", "rate limit", "401", "403", "unauthorized", "authentication",
        "invalid token", "expired token", "invalid or expired token", "token expired",
        "authenticationerror", "invalid_request_error", "insufficient_quota", "overloaded",
        "overloaded_error", "network error", "broken pipe", "eof occurred", "service unavailable",
        "bad gateway",
    )  # fmt: skip

    def ended(self, run: Run, code: int) -> None:
        job, tries = run.job, self._tries[run.job.id]
        said = run.text().lower()
        late = said.endswith("timed out\n")
        if code == 0:
            self._over(job)
        elif tries >= 3 or not any(pattern in said for pattern in self._PATTERNS):
            self._give_up(job)
        else:
            luck = self._night.plan.chance.between(0, 3 if late else 5, "sleep", job.id, tries)
            wait_s = min(30 if late else 60, 2 ** (tries - 1) + luck)
            self._night.clock.after(wait_s, lambda: self._try(job))


class WaitAndRetry(Pool):
    """All workers of a group wait for a rate limit, 60 s if nothing is stated; then a new pool.

    Source: github.com/HomericIntelligence/ProjectScylla, pull request 168, ``scylla/e2e/rate_limit.py``:
    ``detect_rate_limit`` looks for "429", "rate limit", "hit your limit", "overloaded" and the like;
    ``wait_for_rate_limit`` waits what ``parse_retry_after`` finds ("Retry-After: N", "resets 4pm
    (Zone)") times 1.1, else 60 s; all workers pause and resume together; ``_retry_with_new_pool`` has
    ``max_retries=3``. Whatever else a worker ends with is its result.
    """

    name = "wait 60 s and retry"
    _SIGNS = ("weekly usage limit", "upgrade to continue", "failed to configure provider", "429",
              "rate limit", "ratelimit", "hit your limit", "overloaded")  # fmt: skip

    def __init__(self, night: Night) -> None:
        super().__init__(night)
        self._until = dict.fromkeys(self._queue, 0.0)

    def ended(self, run: Run, code: int) -> None:
        job = run.job
        said = run.text()
        if code == 0:
            self._over(job)
        elif any(sign in said.lower() for sign in self._SIGNS) and self._tries[job.id] <= 3:
            until = self._night.clock.now + (self._stated_s(said) or 60.0)
            self._until[job.group] = max(self._until[job.group], until)
            self._queue[job.group].appendleft(job)
            self._over(job)
        else:
            self._give_up(job)

    def _fill(self, name: str) -> None:
        now = self._night.clock.now
        if self._until[name] > now:
            self._night.clock.at(self._until[name], lambda: self._fill(name))
        else:
            super()._fill(name)

    def _stated_s(self, said: str) -> float | None:
        if found := re.search(r"Retry-After:\s*(\d+)", said, re.IGNORECASE):
            return float(found[1]) * 1.1
        found = re.search(r"resets\s+(\d{1,2}):?(\d{2})?\s*(am|pm)", said, re.IGNORECASE)
        if found is None:
            return None
        now = datetime.fromtimestamp(self._night.clock.now, _zone(said))
        hour = int(found[1]) % 12 + (12 if found[3].lower() == "pm" else 0)
        at = now.replace(hour=hour, minute=int(found[2] or 0), second=0, microsecond=0)
        if at <= now:
            at += timedelta(days=1)
        return (at - now).total_seconds() * 1.1


def _zone(said: str) -> ZoneInfo:
    """Return the zone in the first brackets, as ``parse_retry_after`` does."""
    found = re.search(r"\(([^)]+)\)", said)
    try:
        return ZoneInfo(found[1] if found else "America/Los_Angeles")
    except (KeyError, ValueError):
        return ZoneInfo("UTC")


class GnuParallel(Pool):
    """``parallel --retries 3``: a failed job goes back to the head of the queue, three tries in all.

    Source: GNU parallel 20221122, ``should_be_retried``: the exit value decides alone; unless
    ``total_failed() == $retries`` the job is put back with ``$Global::JobQueue->unget($self)`` and
    is the next one to be started, at once.
    """

    name = "parallel --retries 3"

    def ended(self, run: Run, code: int) -> None:
        job = run.job
        if code == 0:
            self._over(job)
        elif self._tries[job.id] == 3:
            self._give_up(job)
        else:
            self._queue[job.group].appendleft(job)
            self._over(job)


class Clairvoyant(Pool):
    """Knows the world: launches what need not fail, with a batch size that fits, at the first moment.

    It shows how much of what is finishable a night has time for.
    """

    name = "clairvoyant"
    _LOOKS_EVERY_S = 5.0
    _PATIENCE_S = 60.0

    def __init__(self, night: Night) -> None:
        super().__init__(night)
        self._looks: set[str] = set()

    def ended(self, run: Run, code: int) -> None:
        if code != 0:
            self._queue[run.job.group].appendleft(run.job)
        self._over(run.job)

    def silent(self, run: Run) -> None:
        self._night.clock.after(self._PATIENCE_S, lambda: self._night.world.stop(run))

    def _fill(self, name: str) -> None:
        later: list[Job] = []
        while self._free[name] > 0 and self._queue[name]:
            job = self._queue[name].popleft()
            if self._night.world.doom(job, job.fits or LARGEST) is None:
                self._free[name] -= 1
                self._try(job)
            else:
                later.append(job)
        self._queue[name].extend(later)
        if later and self._free[name] > 0 and name not in self._looks:
            self._looks.add(name)
            self._night.clock.after(self._LOOKS_EVERY_S, lambda: self._look(name))

    def _look(self, name: str) -> None:
        self._looks.discard(name)
        self._fill(name)

    def _try(self, job: Job) -> None:
        self._night.launch(job, job.fits or LARGEST)


BASELINES: tuple[Callable[[Night], Pool], ...] = (FixedRetries, WaitAndRetry, GnuParallel)
