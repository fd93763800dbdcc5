"""Logs of inspect_ai: ``.eval`` (a zip file with zstd) and ``.json``.

Formats as inspect_ai 0.3.285 writes them (``log/_recorders/eval.py`` and ``json.py``). An ``.eval``
has ``_journal/start.json`` from its first flush on, ``_journal/summaries/N.json`` while it runs, and
``summaries.json`` and ``header.json`` only when it is over: without a header it still runs, or died.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from json import JSONDecodeError, JSONDecoder
from pathlib import Path
from typing import Literal

from supervisor.adapters.results.archive import Archive
from supervisor.adapters.results.bounded import (
    LARGEST,
    Record,
    Unreadable,
    as_count,
    as_list,
    as_record,
    head,
    parsed,
    record,
    told,
)
from supervisor.adapters.results.choice import own
from supervisor.adapters.results.items import failed_items
from supervisor.core.models import ResultsSeen
from supervisor.ports import Look

Status = Literal["success", "error", "cancelled", "started"]

_ERROR = 20_000
_SUMMARIES = re.compile(r"_journal/summaries/(\d+)\.json")
_SAMPLE = re.compile(r"samples/.+_epoch_\d+\.json")
_CANCELLED = re.compile(r"(?:asyncio\.exceptions\.)?CancelledError\b|Cancelled\(")
"""Samples that another's error ended did not fail themselves."""
_WORST: tuple[Status, ...] = ("error", "cancelled", "started", "success")
_SPACE = " \t\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Log:
    """What one log says."""

    path: Path
    status: Status
    run: Record
    """Its ``eval``: what was to be run."""
    error: Record
    samples: int | None
    """How many were to be run; None: the log does not say."""
    errors: dict[str, object]
    """Error of each sample that has ended; empty: it went well."""


def read(look: Look) -> ResultsSeen:
    """Return what the attempt's logs say, taken together: one command may run several evals.

    Raises:
        Unreadable: a log is half written or damaged, or none can be told to be this attempt's.
    """
    paths = own(look.globs, look, lambda path: path.name)
    if not paths:
        return ResultsSeen()
    logs = [_json_log(path) if path.suffix == ".json" else _eval_log(path) for path in paths]
    return _together(logs)


def _together(logs: Sequence[_Log]) -> ResultsSeen:
    worst = min(reversed(logs), key=lambda log: _WORST.index(log.status))
    failed = [(name, error) for log in logs for name, error in log.errors.items() if _failed(error)]
    ended = [error for log in logs for error in log.errors.values()]
    totals = [log.samples for log in logs]
    return ResultsSeen(
        status=worst.status,
        done=sum(not error for error in ended),
        total=sum(filter(None, totals)) if all(totals) else None,
        failed=failed_items(failed),
        failed_count=len(failed),
        error=_error(worst.error),
        path=str(worst.path),
        names=_names(worst.run),
    )


def _error(error: Record) -> str:
    """Return the traceback, whose last line names the exception, else the message."""
    return told(error.get("traceback"), _ERROR) or told(error.get("message"), _ERROR)


def _failed(error: object) -> bool:
    return bool(error) and not (isinstance(error, str) and _CANCELLED.match(error))


def _names(run: Record) -> dict[str, str]:
    return {
        name: value for name in ("run_id", "task_id") if isinstance(value := run.get(name), str)
    }


def _eval_log(path: Path) -> _Log:
    with Archive(path) as archive:
        names = archive.names
        over = "header.json" in names
        start = record(archive.member("header.json" if over else "_journal/start.json"), str(path))
        errors = _errors_of(archive)
    return _log(path, start, errors, over=over)


def _errors_of(archive: Archive) -> dict[str, object]:
    try:
        return _errors(_summaries(archive))
    except Unreadable:
        # So many samples that their summaries are too much to read: they can be counted.
        return {name: "" for name in archive.names if _SAMPLE.fullmatch(name)}


def _summaries(archive: Archive) -> Iterator[object]:
    """Yield each sample's summary; a sample may come twice, the last one counts."""
    names = archive.names
    if "summaries.json" in names:
        yield from as_list(parsed(archive.member("summaries.json"), "summaries.json"))
        return
    numbered = sorted(
        (int(found[1]), name) for name in names if (found := _SUMMARIES.fullmatch(name))
    )
    room = LARGEST
    for _, name in numbered:
        data = archive.member(name, room)
        room -= len(data)
        yield from as_list(parsed(data, name))


def _errors(samples: Iterable[object]) -> dict[str, object]:
    errors: dict[str, object] = {}
    for sample in map(as_record, samples):
        error = sample.get("error") or ""
        # In a .json log an error is a mapping, in a summary a text.
        error = as_record(error).get("message", error)
        errors[f"{sample.get('id')} (epoch {sample.get('epoch', 1)})"] = error
    return errors


def _log(path: Path, start: Record, errors: dict[str, object], *, over: bool) -> _Log:
    said = start.get("status")
    status: Status = said if over and said in _WORST else "started"
    run = as_record(start.get("eval"))
    return _Log(
        path=path,
        status=status,
        run=run,
        error=as_record(start.get("error")),
        samples=_samples(start, run),
        errors=errors,
    )


def _samples(start: Record, run: Record) -> int | None:
    counted = as_count(as_record(start.get("results")).get("total_samples"))
    if counted is not None:
        return counted
    dataset, config = as_record(run.get("dataset")), as_record(run.get("config"))
    ids = as_list(dataset.get("sample_ids"))
    samples = len(ids) if ids else as_count(dataset.get("samples"))
    return None if samples is None else samples * (as_count(config.get("epochs")) or 1)


def _json_log(path: Path) -> _Log:
    """Read a ``.json`` log; of one that is too large only what stands before its samples."""
    data = head(path, LARGEST + 1)
    if len(data) <= LARGEST:
        start = record(data, str(path))
        samples = as_list(start.get("samples"))
    else:
        start, samples = _beginning(data, path), []
    return _log(path, start, _errors(samples), over=True)


def _beginning(data: bytes, path: Path) -> Record:
    """Return the keys before ``samples``, which is the last one that may be large."""
    text = data.decode("utf-8", "replace")
    decoder = JSONDecoder()
    found: dict[str, object] = {}
    at = _skip(text, 0) + 1
    try:
        while True:
            name, at = decoder.raw_decode(text, _skip(text, at))
            if name == "samples":
                return found
            found[str(name)], at = decoder.raw_decode(text, _skip(text, at))
    except (JSONDecodeError, RecursionError) as error:
        raise Unreadable(f"{path}: is too large, and says nothing before its samples") from error


def _skip(text: str, at: int) -> int:
    """Return the place of the next value: white space, colons and commas are no values."""
    while at < len(text) and text[at] in _SPACE + ":,":
        at += 1
    return at
