"""What only a person can cure, each with the command that cures it."""

from collections.abc import Iterator

from supervisor.core.batch import Holding, Open
from supervisor.core.board import NeedsYou
from supervisor.core.draft import View
from supervisor.core.indexes import over
from supervisor.core.wording import span


def needs_you(view: View, now: float) -> tuple[NeedsYou, ...]:
    """Return what needs the operator, longest waiting first."""
    found = [*_limits(view), *_groups(view, now), *_disk(view)]
    return tuple(sorted(found, key=lambda entry: entry.since))


def _limits(view: View) -> Iterator[NeedsYou]:
    for limit in view.limits.values():
        match limit.phase:
            case Holding(needs_operator=True, since=since, reason=reason):
                yield NeedsYou(
                    what=limit.name,
                    since=since,
                    why=reason,
                    command=f"overnight resume {limit.name}",
                )
            case _:
                pass


def _groups(view: View, now: float) -> Iterator[NeedsYou]:
    for group in view.groups.values():
        match group.breaker:
            case Open(since=since) as opened if not over(view.counts[group.name]):
                yield NeedsYou(
                    what=group.name,
                    since=since,
                    why=_why_open(opened, now),
                    command=f"overnight resume {group.name}",
                )
            case _:
                pass


def _why_open(opened: Open, now: float) -> str:
    if opened.probe_at is None:
        return opened.cause
    return f"{opened.cause}; one task is tried in {span(opened.probe_at - now)}"


def _disk(view: View) -> Iterator[NeedsYou]:
    if view.desk.disk is not None:
        # Space comes back by itself or by the operator; either way the batch goes on alone.
        yield NeedsYou(what="disk", since=0.0, why=view.desk.disk, command="df -h")
