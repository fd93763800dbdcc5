"""What a runner has said of itself so far, and the same in words."""

from dataclasses import dataclass

from supervisor.core.wording import plural, span


@dataclass(frozen=True, slots=True, kw_only=True)
class BadItem:
    """One item inside a runner that failed."""

    id: str
    error_class: str
    """In our words where the runner knows them, else ``unknown``."""
    text: str
    """Why: redacted, one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """The runner waits for a limit by itself."""

    until: float
    """Unix seconds."""
    why: str
    error_class: str = ""
    """Set where the provider stated the time: the limit of the task holds for all until then."""
    at: float = 0.0
    """When it was heard of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the marks of one attempt add up to; texts are plain, short and redacted."""

    item: str = ""
    """The one at work."""
    done: int | None = None
    """How many are done, where nobody said of how many."""
    errors: int = 0
    """Items that failed and are not well yet."""
    failed: tuple[BadItem, ...] = ()
    """The last of them, at most ``KEPT``."""
    wait: Wait | None = None
    tokens_in: int = 0
    tokens_out: int = 0
    requests: int = 0
    cost: float = 0.0
    """US dollars."""
    malformed: int = 0
    """Lines that should have been marks."""


KEPT = 20
"""So many failed items are remembered of an attempt that is over."""


def waits(told: Told | None, now: float) -> bool:
    """Tell whether a runner waits for a limit now, so that its silence means nothing."""
    return told is not None and told.wait is not None and told.wait.until > now


def note(told: Told, now: float) -> str:
    """Return in a few words what the runner does now; empty where it does not say."""
    if told.wait is not None and waits(told, now):
        return f"waits for a limit, {span(told.wait.until - now)} more"
    parts = [f"at {told.item}"] if told.item else []
    if told.done is not None:
        parts.append(f"{told.done} done")
    if told.errors:
        parts.append(f"{plural(told.errors, 'item')} failed")
    return ", ".join(parts)


def lines(told: Told, now: float) -> tuple[str, ...]:
    """Return all of it as sentences."""
    found: list[str] = []
    if told.item:
        found.append(f"It is at {told.item}.")
    if told.wait is not None and waits(told, now):
        left = span(told.wait.until - now)
        found.append(f"It waits for a limit by itself, {left} more: {told.wait.why}.")
    if used := usage(told):
        found.append(f"It has used {used}.")
    if told.errors:
        found.append(f"{plural(told.errors, 'item')} inside it failed{':' if told.failed else '.'}")
        found += [f"- {one.id}: {one.error_class}: {one.text}" for one in told.failed]
        if 0 < len(told.failed) < told.errors:
            found.append(f"- and {told.errors - len(told.failed)} more")
    if told.malformed:
        found.append(f"{plural(told.malformed, 'mark')} of it could not be read.")
    return tuple(found)


def usage(told: Told) -> str:
    """Return what it has used: ``12,000 tokens in, 800 out, $1.25``; empty where it does not say."""
    parts: list[str] = []
    if told.requests:
        parts.append(f"{told.requests:,} requests")
    if told.tokens_in or told.tokens_out:
        parts.append(f"{told.tokens_in:,} tokens in, {told.tokens_out:,} out")
    if told.cost:
        parts.append(f"${told.cost:,.2f}")
    return ", ".join(parts)
