"""Marks added up: what one attempt has said of itself so far."""

from collections.abc import Iterable

from supervisor.core.lines import clean
from supervisor.core.marks import FARTHEST_S, Mark, mark
from supervisor.core.names import ErrorClass
from supervisor.core.patterns import Pattern
from supervisor.core.redact import redact
from supervisor.core.told import KEPT, BadItem, Told, Wait

_ITEM = 200
_TEXT = 300
_KINDS = frozenset(ErrorClass) | {"aborted"}
_WAITS = frozenset({ErrorClass.RATE_LIMIT, ErrorClass.USAGE_WINDOW})
_PROGRESS = Pattern(r'\{"done":\d{1,15},"errors":\d{1,15},"total":\d{1,15},"item":"[^"\\]*"\}')
"""As the kit writes it for each item."""
_KEPT_CHARS = 2000
"""Of each text as it was written; more of it is shown nowhere."""
_MOST = 2_000
"""Failed items that are told apart; beyond, the counter alone goes on."""


class Account:
    """Takes in marks in their order. ``now`` is when they were read (Unix seconds)."""

    __slots__ = ("_failed", "_last", "_wait", "counter", "malformed", "marks")

    def __init__(self) -> None:
        self.marks = 0
        """Good ones so far: each is a sign of life."""
        self.malformed = 0
        self.counter: tuple[int, int] | None = None
        """Done and total."""
        self._last: dict[str, int | float | str | None] = {}
        self._failed: dict[str, tuple[str, str]] = {}
        self._wait: Wait | None = None

    def take(self, lines: Iterable[str], now: float, *, sure: bool = True) -> None:
        """Take in lines of marks; malformed ones are counted and change nothing else.

        ``sure`` is False on stdout, where a model's answer may stand: no limit is held for that.
        """
        passed: str | None = None
        for line in lines:
            if _PROGRESS.fullmatch(line) is not None:
                # Of thousands in a row the last one says all that the others said.
                self.marks += passed is not None
                passed = line
                continue
            if passed is not None:
                self._take(passed, now, sure=sure)
                passed = None
            self._take(line, now, sure=sure)
        if passed is not None:
            self._take(passed, now, sure=sure)

    def _take(self, line: str, now: float, *, sure: bool) -> None:
        found = mark(line)
        if found is None:
            self.malformed += bool(line.strip())
            return
        self.marks += 1
        self._count(found)
        self._items(found)
        self._waits(found, now, sure=sure)

    def told(self) -> Told | None:
        """Return what all of it adds up to; None: nothing was said."""
        if not self.marks and not self.malformed:
            return None
        last = self._last
        recent = list(self._failed.items())[-KEPT:]
        done = last.get("done")
        return Told(
            item=_plain(str(last.get("item") or ""), _ITEM),
            done=int(done) if done is not None and self.counter is None else None,
            errors=max(int(last.get("errors") or 0), len(self._failed)),
            failed=tuple(
                BadItem(id=_plain(id_, _ITEM), error_class=kind, text=_plain(text, _TEXT))
                for id_, (kind, text) in recent
            ),
            wait=self._wait,
            tokens_in=int(last.get("tokens_in") or 0),
            tokens_out=int(last.get("tokens_out") or 0),
            requests=int(last.get("requests") or 0),
            cost=float(last.get("cost") or 0.0),
            malformed=self.malformed,
        )

    def _count(self, said: Mark) -> None:
        last = self._last
        if self._wait is not None and (said.done or 0) > int(last.get("done") or 0):
            self._wait = None  # It got on, so whatever it waited for is over.
        for name in (
            "done",
            "total",
            "errors",
            "item",
            "tokens_in",
            "tokens_out",
            "requests",
            "cost",
        ):
            if (value := getattr(said, name)) is not None:
                last[name] = value
        if said.done is None and said.total is None:
            return
        done, total = int(last.get("done") or 0), int(last.get("total") or 0)
        self.counter = (done, total) if 0 < total >= done else None

    def _items(self, said: Mark) -> None:
        if said.ok is not None:
            self._failed.pop(said.ok[:_KEPT_CHARS], None)
        if said.failed is None:
            return
        name = said.failed[:_KEPT_CHARS]
        known = self._failed.pop(name, None) is not None
        if known or len(self._failed) < _MOST:
            kind = said.kind if said.kind in _KINDS else str(ErrorClass.UNKNOWN)
            self._failed[name] = (kind, said.error[:_KEPT_CHARS])

    def _waits(self, said: Mark, now: float, *, sure: bool) -> None:
        if said.waiting is None:
            return
        self._wait = None
        if said.waiting and now < said.until <= now + FARTHEST_S:
            holds = sure and said.kind in _WAITS
            why = _plain(said.waiting, _TEXT)
            self._wait = Wait(
                until=said.until, why=why, error_class=said.kind if holds else "", at=now
            )


def _plain(text: str, longest: int) -> str:
    """Return one short line without escapes and secrets."""
    found = clean(text.encode("utf-8", "replace")).decode("utf-8", "replace")
    found = redact(" ".join(found.split()))
    return found if len(found) <= longest else found[: longest - 1] + "…"
