"""Sends the batches of one stage and waits for them; every step is in the journal before the next."""

import asyncio
import os
import random
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass
from typing import TypeVar

from supervisor.kit.batches_journal import BatchJournal, Manifest
from supervisor.kit.batches_plan import Fact, Retries, Round, poll_delay_s, strangers, told
from supervisor.kit.batches_types import (
    BatchNotDoneError,
    BatchProvider,
    BatchRequest,
    FindsBatches,
    UncertainSubmissionError,
)
from supervisor.kit.errors import KitError
from supervisor.kit.marks import Marks

T = TypeVar("T")

_PASSING = frozenset({"rate_limit", "usage_window", "server_error", "network", "timeout"})
_WARN_AT = 0.8


def _to_stderr(text: str) -> None:
    sys.stderr.write(text + "\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPace:
    """When batches are looked at, and for how long; and how many requests the account may send."""

    poll_interval: float = 30.0
    """Seconds before the first look; then twice as long each time, each give or take a fifth."""
    poll_cap: float = 300.0
    max_wait: float = 26 * 3600.0
    """Seconds for one batch; the APIs give themselves a day."""
    submit_tries: int = 5
    quota: int | None = None
    """Requests that all batches of the manifest may have; from four fifths on there is a warning."""
    warn: Callable[[str], object] = _to_stderr
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    now: Callable[[], float] = time.time  # noqa: TID251 - runners have no clock port
    jitter: Callable[[float, float], float] = random.uniform

    def delay(self, number: int) -> float:
        """Return the wait in seconds before the ``number``-th look or try, counted from 1."""
        return poll_delay_s(
            number, base_s=self.poll_interval, cap_s=self.poll_cap, jitter=self.jitter
        )


class Sender:
    """Carries out the rounds of one stage."""

    def __init__(
        self,
        provider: BatchProvider,
        requests: Mapping[str, BatchRequest],
        journal: BatchJournal,
        manifest: Manifest,
        pace: BatchPace,
        name: str,
    ) -> None:
        self._provider = provider
        self._requests = requests
        self._journal = journal
        self._manifest = manifest
        self._pace = pace
        self._name = name
        self._sent_here: set[str] = set()

    async def begin(self, retries: Retries) -> Retries:
        """Send what is worth sending as a new round."""
        ids = retries.worth_sending
        key = f"{self._name[:40]}-{len(retries.rounds) + 1}-{os.urandom(8).hex()}"
        intent = _intent(Round(key=key, ids=tuple(ids), since=self._pace.now()))
        return await self._send(self._add(retries, intent), is_new=True)

    async def finish(self, retries: Retries) -> Retries:
        """Wait for the round under way, however far it was, and take in its results."""
        one = retries.under_way
        if one is not None and one.batch_id is None:
            retries = await self._send(retries, is_new=False)
            one = retries.under_way
        if one is None or one.batch_id is None:
            return retries
        if (reason := await self._wait(one.batch_id, one.since)) is not None:
            return self._add(retries, {"fact": "failed", "reason": reason})
        rows = await self._patiently(lambda: self._provider.download(str(one.batch_id)), one.since)
        if foreign := strangers(one, rows):
            raise KitError(f"batch {one.batch_id} is another's: it has a result for {foreign[0]}")
        return self._add(retries, {"fact": "results", "rows": [asdict(row) for row in rows]})

    async def _send(self, retries: Retries, *, is_new: bool) -> Retries:
        """Submit the last round, unless the provider has it already."""
        one = retries.rounds[-1]
        requests = [self._requests[custom_id] for custom_id in one.ids]
        is_unsent, number = is_new, 0
        while True:
            number += 1
            batch_id = None if is_unsent else await self._found(requests, one.key, one.since)
            if batch_id is not None:
                break
            try:
                batch_id = await self._provider.submit(requests, one.key)
                break
            except Exception as error:
                is_unsent = _was_refused(error)
                if is_unsent:
                    self._journal.add({"fact": "refused"})
                wait_s = self._wait_s(error, number)
                if wait_s is None or number >= self._pace.submit_tries:
                    raise
            await self._rest(wait_s, "the batch API takes no batch now")
            if is_unsent:
                self._journal.add(_intent(one))
        retries = self._add(retries, {"fact": "submitted", "batch_id": batch_id})
        self._sent_here.add(batch_id)
        self._count(len(requests))
        return retries

    async def _found(self, requests: list[BatchRequest], key: str, since: float) -> str | None:
        provider = self._provider
        if not isinstance(provider, FindsBatches):
            raise UncertainSubmissionError(
                f"{self._journal.path}: nobody knows whether the batch of {len(requests)} requests"
                f" begun at {time.strftime('%F %T', time.localtime(since))} was accepted. Look at the"
                " provider's list of batches; then append to that file, as its last line, either"
                ' {"fact":"submitted","batch_id":"ITS ID"} or {"fact":"refused"}'
            )
        return await self._patiently(lambda: provider.find(requests, key, since), self._pace.now())

    async def _wait(self, batch_id: str, since: float) -> str | None:
        """Return once the batch is over: None, or why it failed as a whole."""
        number = 0
        while True:
            number += 1
            # Of a batch that was sent before this process began, there may be news already.
            if number > 1 or batch_id in self._sent_here:
                await self._rest(self._pace.delay(number), f"batch {batch_id} is under way")
            status = await self._patiently(lambda: self._provider.poll(batch_id), since)
            if status.state != "running":
                return None if status.state == "ended" else status.reason or "no reason is given"
            if self._pace.now() - since > self._pace.max_wait:
                hours = self._pace.max_wait / 3600
                raise BatchNotDoneError(
                    f"batch {batch_id} runs longer than {hours:g} h; run again to go on waiting"
                )

    async def _patiently(self, ask: Callable[[], Awaitable[T]], since: float) -> T:
        """Ask until there is an answer: who does not answer now does so later."""
        number = 0
        while True:
            number += 1
            try:
                return await ask()
            except Exception as error:
                wait_s = self._wait_s(error, number)
                if wait_s is None or self._pace.now() - since > self._pace.max_wait:
                    raise
            await self._rest(wait_s, "the batch API does not answer")

    async def _rest(self, seconds: float, why: str) -> None:
        """Pass time, and tell the supervisor that this is no stall."""
        marks = Marks()
        marks.waiting(self._pace.now() + seconds, why, "")
        try:
            await self._pace.sleep(seconds)
        finally:
            marks.going_on()
            marks.close()

    def _wait_s(self, error: Exception, number: int) -> float | None:
        """Return the wait before the next try, longer if the provider states so; None: it is in vain."""
        from supervisor.kit.detector import classify

        now = self._pace.now()
        cause = classify(error, now=now)
        if cause.error_class not in _PASSING:
            return None
        return max(self._pace.delay(number), (cause.retry_at or now) - now)

    def _count(self, requests: int) -> None:
        total, quota = self._manifest.count(requests), self._pace.quota
        if quota is not None and total >= _WARN_AT * quota:
            self._pace.warn(
                f"{self._name}: {total} of the {quota} batch requests of the quota are used"
            )

    def _add(self, retries: Retries, fact: Fact) -> Retries:
        self._journal.add(fact)
        return told(retries, [fact])


def _intent(one: Round) -> Fact:
    return {"fact": "submitting", "key": one.key, "ids": list(one.ids), "at": one.since}


def _was_refused(error: Exception) -> bool:
    """Tell whether the provider said no: then nothing was accepted, and nobody need look for it."""
    status: object = getattr(error, "status_code", None)
    return isinstance(status, int) and 400 <= status < 500 and status != 408
