"""Failed requests of a batch API, sent again under their own ids until they succeed or cannot.

``succeeded, still_failed = await retry_failed_requests(provider, requests, results, …)``. Killed at
any point and run again, it goes on where it was: no batch is sent twice.
"""

from collections.abc import Callable, Iterable

from supervisor.kit.batches_errors import is_permanent
from supervisor.kit.batches_journal import BatchJournal, Manifest
from supervisor.kit.batches_plan import NO_RESULT, Retries, told
from supervisor.kit.batches_sender import BatchPace, Sender
from supervisor.kit.batches_types import (
    BatchFailedError,
    BatchProvider,
    BatchRequest,
    BatchResult,
)
from supervisor.kit.errors import KitError
from supervisor.kit.files import StrPath

DEFAULT_PACE = BatchPace()


async def retry_failed_requests(
    provider: BatchProvider,
    requests: Iterable[BatchRequest],
    results: Iterable[BatchResult],
    *,
    manifest: StrPath,
    description: str,
    stage: int = 1,
    max_retries: int = 2,
    permanent: Callable[[BatchResult], bool] = is_permanent,
    pace: BatchPace = DEFAULT_PACE,
) -> tuple[list[BatchResult], list[BatchResult]]:
    """Send the failed ones of ``results`` again, in up to ``max_retries`` batches.

    Returns what succeeded now, and what still fails with its last error; both under the original ids,
    so that they replace the failed results. Failures that are ``permanent`` are not sent. A batch is
    sent as soon as its failures are known, and looked at in growing intervals (see ``BatchPace``).
    ``manifest`` is the JSON file that tells of each ``description`` and ``stage``.

    Raises:
        BatchFailedError: a batch failed as a whole; running again sends it anew, if a round is left.
        UncertainSubmissionError: see there.
        BatchNotDoneError: a batch ran on too long.
        InputChangedError: the manifest's journal tells of other failures.
        KitError: anything else that a person must look at. What the provider raises for a refused
            login or request passes through.
    """
    by_id = _by_id(requests)
    failures = {one.custom_id: one for one in results if not one.success}
    if unknown := sorted(failures.keys() - by_id.keys()):
        raise KitError(f"no request has the id {unknown[0]}, and a failed result does")
    name, book = f"{description}.stage_{stage}", Manifest(manifest)
    with BatchJournal(manifest, name, list(failures)) as journal:
        retries = told(Retries(failures=failures, is_permanent=permanent), journal.facts)
        sender = Sender(provider, by_id, journal, book, pace, name)
        return await _rounds(retries, sender, book, description, stage, max_retries)


async def run_batch_stage(
    provider: BatchProvider,
    requests: Iterable[BatchRequest],
    *,
    manifest: StrPath,
    description: str,
    stage: int = 1,
    max_retries: int = 2,
    permanent: Callable[[BatchResult], bool] = is_permanent,
    pace: BatchPace = DEFAULT_PACE,
) -> list[BatchResult]:
    """Send all requests as a batch, retry what fails, and return a result for each, in their order.

    Raises:
        BatchFailedError: the batch failed as a whole; nothing of it is retried by itself.
        KitError: as ``retry_failed_requests``.
    """
    by_id = _by_id(requests)
    unsent = {name: BatchResult(custom_id=name, success=False, error=NO_RESULT) for name in by_id}
    name = f"{description}.stage_{stage}.first"
    with BatchJournal(manifest, name, list(by_id)) as journal:
        first = told(Retries(failures=unsent, is_permanent=is_permanent), journal.facts)
        sender = Sender(provider, by_id, journal, Manifest(manifest), pace, name)
        if not by_id:
            return []
        if not first.rounds or first.rounds[-1].failed is not None:
            first = await sender.begin(first)
        first = await sender.finish(first)
        if (reason := first.rounds[-1].failed) is not None:
            raise BatchFailedError(first.rounds[-1].batch_id or "", reason, [], first.still_failed)
    found = {one.custom_id: one for one in (*first.succeeded, *first.still_failed)}
    succeeded, still_failed = await retry_failed_requests(
        provider,
        by_id.values(),
        [found[name] for name in by_id],
        manifest=manifest,
        description=description,
        stage=stage,
        max_retries=max_retries,
        permanent=permanent,
        pace=pace,
    )
    found |= {one.custom_id: one for one in (*succeeded, *still_failed)}
    return [found[name] for name in by_id]


async def _rounds(
    retries: Retries,
    sender: Sender,
    book: Manifest,
    description: str,
    stage: int,
    max_retries: int,
) -> tuple[list[BatchResult], list[BatchResult]]:
    # A round that failed as a whole ended the last run; this one may send it anew.
    may_send = True
    while True:
        if retries.under_way is not None:
            retries = await sender.finish(retries)
            may_send = retries.rounds[-1].failed is None
        book.tell(description, stage, retries.entry(max_retries))
        last = retries.rounds[-1] if retries.rounds else None
        is_due = bool(retries.worth_sending) and len(retries.rounds) < max_retries
        if last is not None and last.failed is not None and not (may_send and is_due):
            raise BatchFailedError(
                last.batch_id or "", last.failed, retries.succeeded, retries.still_failed
            )
        if not is_due:
            return retries.succeeded, retries.still_failed
        retries = await sender.begin(retries)
        book.tell(description, stage, retries.entry(max_retries))


def _by_id(requests: Iterable[BatchRequest]) -> dict[str, BatchRequest]:
    found: dict[str, BatchRequest] = {}
    for one in requests:
        if one.custom_id in found:
            raise KitError(f"two requests have the id {one.custom_id}")
        found[one.custom_id] = one
    return found
