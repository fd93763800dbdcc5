"""How fast an attempt gets on, by what it says of itself."""

from dataclasses import dataclass, replace

_LEAST_S = 5.0
"""In less nobody's pace can be seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Two moments of one attempt: when it was first heard, and now. What is done before was resumed."""

    attempt: int
    began_with: int
    began_at: float
    done: int
    total: int
    at: float
    rests_until: float = 0.0
    """It waits for a limit until then."""

    def left_s(self, now: float) -> float | None:
        """Return the seconds that the rest takes at this pace; None: not to be seen yet."""
        item_s, left = self._item_s, self.total - self.done
        if item_s is None:
            return None
        if self.rests_until > now:
            return self.rests_until - now + left * item_s
        # The item at work may take as long as it likes; those behind it will take their time.
        return max(left * item_s - (now - self.at), max(0, left - 1) * item_s)

    @property
    def whole_s(self) -> float | None:
        """Return the seconds that all of it takes at this pace; None: not to be seen yet."""
        item_s = self._item_s
        return None if item_s is None else self.total * item_s

    @property
    def _item_s(self) -> float | None:
        gained, took_s = self.done - self.began_with, self.at - self.began_at
        return took_s / gained if gained > 0 and took_s >= _LEAST_S else None


def paced(before: Pace | None, attempt: int, done: int, total: int, now: float) -> Pace:
    """Return the pace once an attempt has said how far it is."""
    begins_anew = (
        before is None
        or before.attempt != attempt
        or before.total != total
        or done < before.done  # another part of its work
    )
    if before is None or begins_anew:
        return Pace(attempt=attempt, began_with=done, began_at=now, done=done, total=total, at=now)
    # What stands still for long gets slower, not faster: the moment counts only where it got on.
    return replace(before, done=done, at=now) if done > before.done else before
