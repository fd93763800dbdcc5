"""One run over many items: those that are done are skipped, each outcome is kept, progress is told."""

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, TypeVar

from supervisor.kit.defaults import FOR_GOOD, Retries, own_place, retries
from supervisor.kit.errors import InputChangedError, KitError
from supervisor.kit.faults import class_of, told
from supervisor.kit.files import StrPath
from supervisor.kit.identity import content_of, key_of
from supervisor.kit.marks import Marks
from supervisor.kit.records import Outcome
from supervisor.kit.results import Changed, Results, Sync

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How far a run is, what earlier processes did included."""

    done: int
    failed: int
    total: int | None
    """None: nobody said how many items there are."""


def run(
    results: StrPath | None = None,
    *,
    total: int | None = None,
    settings: Mapping[str, object] | None = None,
    changed: Changed = "refuse",
    retry_failed: bool | None = None,
    key: Callable[[Any], str] = key_of,
    sync: Sync = "always",
    marks: Marks | None = None,
) -> "Run":
    """Return a run to be used in a ``with``; see ``Run`` for what it does.

    ``results`` is the file of outcomes; default: ``results.jsonl`` in the task's directory under the
    supervisor, else ``<script>.results.jsonl`` in the working directory. ``total`` need not be said
    for a list. ``settings`` are what all results depend on; where these or an item are not what they
    were, ``changed`` says what to do. ``retry_failed``: True does failed items again, False none.
    Default: what ``KIT_RETRY_FAILED`` says (1 or 0); else they are done again when the supervisor
    tries the task again, but for requests that were refused for good. ``key`` names an item, ``sync``
    is how durable results are.
    """
    return Run(
        Path(results) if results is not None else own_place(os.environ),
        total=total,
        settings=settings,
        changed=changed,
        retries=retries(os.environ, retry_failed),
        key=key,
        sync=sync,
        marks=Marks() if marks is None else marks,
    )


class Run:
    """What a loop over items asks and tells. Threads may share it; forked processes may not record.

    Raises, when its ``with`` begins, what ``Results`` raises.
    """

    def __init__(
        self,
        path: Path,
        *,
        total: int | None,
        settings: Mapping[str, object] | None,
        changed: Changed,
        retries: Retries,
        key: Callable[[Any], str],
        sync: Sync,
        marks: Marks,
    ) -> None:
        self.path = path
        self.marks = marks
        self._total = total
        self._settings = settings
        self._changed: Changed = changed
        self._retries: Retries = retries
        self._key = key
        self._sync: Sync = sync
        self._results: Results | None = None
        self._lock = threading.Lock()
        self._done: set[str] = set()
        self._failed: set[str] = set()
        self._used: dict[str, float] = {}
        self._looping = False
        """The mark of the next item will tell how far the run is."""
        self._current: tuple[object, str] = (None, "")
        """The item that ``todo`` gave out last, and its key."""

    def __enter__(self) -> Self:
        results = self._results = Results(
            self.path, settings=self._settings, changed=self._changed, sync=self._sync
        )
        self._done, self._failed = results.keys("done"), results.keys("failed")
        self._tell()
        return self

    def __exit__(self, *_: object) -> None:
        results, self._results = self._recorded, None
        self._tell()
        self.marks.close()
        results.close()

    @property
    def counts(self) -> Counts:
        """Return how far the run is; still there after its ``with``."""
        return Counts(done=len(self._done), failed=len(self._failed), total=self._total)

    @property
    def exit_code(self) -> int:
        """Return 0 where every item is done, else 1; for ``sys.exit``."""
        counts = self.counts
        missing = counts.total is not None and counts.done < counts.total
        return int(missing or counts.failed > 0)

    def todo(self, items: Iterable[T]) -> Iterator[T]:
        """Yield the items that are not done yet, and tell which one is at work.

        Raises:
            InputChangedError: an item is not what it was when it was recorded.
            KitError: two items have one key.
        """
        try:
            for key, item in self._due(items):
                self._tell(key)
                self._looping, self._current = True, (item, key)
                yield item
            self._tell()
        finally:
            self._looping = False

    def left(self, items: Iterable[T]) -> list[T]:
        """Return the items that are not done yet, for whoever works at several at once; as ``todo``."""
        return [item for _, item in self._due(items)]

    def done(self, item: object, result: object = None) -> None:
        """Record an item's result; once this returns, it is never done again.

        Raises:
            CheckpointError: it could not be written, for example because the disk is full.
            KitError: the result is nothing that JSON has.
        """
        key = self._key_of(item)
        with self._lock:
            self._recorded.done(key, result, of=_content(item))
            self._done.add(key)
            if key in self._failed:
                self._failed.discard(key)
                self.marks.mended(key)
            if not self._looping:
                self._tell()

    def failed(
        self, item: object, error: BaseException | str, *, error_class: str | None = None
    ) -> None:
        """Record that an item failed and go on; its class is found in the error unless given.

        Raises:
            CheckpointError: it could not be written.
        """
        if isinstance(error, BaseException) and not isinstance(error, Exception):
            raise error  # Whoever interrupts or exits means the run, not the item.
        key = self._key_of(item)
        text, trace = told(error)
        error_class = error_class or class_of(error)
        with self._lock:
            self._recorded.failed(
                key, text, error_class=error_class, trace=trace, of=_content(item)
            )
            self._done.discard(key)
            self._failed.add(key)
            self.marks.failed(key, text, error_class)
            if not self._looping:
                self._tell()

    def used(
        self, *, tokens_in: int = 0, tokens_out: int = 0, requests: int = 0, cost: float = 0.0
    ) -> None:
        """Add to what this run has used; ``cost`` in US dollars."""
        with self._lock:
            for name, more in (
                ("tokens_in", tokens_in),
                ("tokens_out", tokens_out),
                ("requests", requests),
                ("cost", cost),
            ):
                if more:
                    self._used[name] = self._used.get(name, 0) + more
            self.marks.used(self._used)

    def outcomes(self) -> Iterator[Outcome]:
        """Yield what became of each item, earlier processes' included, in the order of recording."""
        return self._recorded.outcomes()

    @property
    def _recorded(self) -> Results:
        if self._results is None:
            raise KitError(f"{self.path}: use the run in a with statement")
        return self._results

    def _key_of(self, item: object) -> str:
        current, key = self._current
        return key if current is item and key else self._key(item)

    def _due(self, items: Iterable[T]) -> Iterator[tuple[str, T]]:
        """Yield what is to be done; a list is looked through before any of it is."""
        if isinstance(items, Sequence):
            keys = _distinct(self._key(item) for item in items)
            for key, item in zip(keys, items, strict=True):
                self._check(key, item)
            self._total = len(items)
            self._done &= set(keys)
            self._failed &= set(keys)
            self._tell()
            pairs: Iterable[tuple[str, T]] = zip(keys, items, strict=True)
        else:
            pairs = self._checked(items)
        for key, item in pairs:
            if self._is_due(key):
                yield key, item

    def _is_due(self, key: str) -> bool:
        state = self._recorded.state(key)
        if state != "failed" or self._retries == "none":
            return state is None
        return self._retries == "all" or self._recorded.error_class(key) not in FOR_GOOD

    def _checked(self, items: Iterable[T]) -> Iterator[tuple[str, T]]:
        seen: set[str] = set()
        for item in items:
            key = self._key(item)
            if key in seen:
                raise _twice(key)
            seen.add(key)
            self._check(key, item)
            yield key, item

    def _check(self, key: str, item: object) -> None:
        """Deal with an item that is not what it was when its outcome was recorded."""
        known = self._recorded.content(key)
        if not known or self._changed == "keep" or known == _content(item):
            return
        if self._changed == "refuse":
            raise InputChangedError(
                f"{self.path}: item {key} is not what it was when its outcome was recorded; pass"
                " changed='again' to do such items again, changed='keep' to keep what is recorded"
            )
        self._recorded.forget(key)
        self._done.discard(key)
        self._failed.discard(key)

    def _tell(self, item: str | None = None) -> None:
        self.marks.progress(len(self._done), self._total, failed=len(self._failed), item=item)


def _content(item: object) -> str:
    """Return the hash of an item; a text is its own key, and with another text it is another item."""
    return "" if isinstance(item, str) else content_of(item)


def _distinct(keys: Iterable[str]) -> list[str]:
    listed = list(keys)
    if len(set(listed)) < len(listed):
        raise _twice(next(key for place, key in enumerate(listed) if key in listed[:place]))
    return listed


def _twice(key: str) -> KitError:
    return KitError(f"two items have the key {key}: pass key=, a function that tells them apart")
