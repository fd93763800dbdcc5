"""When to call the operator: once for each incident, and when the batch is done."""

from dataclasses import replace
from typing import Literal

from supervisor.core import gpus
from supervisor.core.board import NeedsYou
from supervisor.core.draft import Draft
from supervisor.core.effects import Page
from supervisor.core.models import GroupId, LimitId
from supervisor.core.needs_you import (
    need_of_disk,
    need_of_group,
    need_of_limit,
    need_of_unreachable,
)
from supervisor.core.parts import all_closed
from supervisor.core.wording import listed

_UNREACHABLE_S = 300.0
"""A daemon that is started anew is back by then."""
_UNREACHABLE = "unreachable:"


def settle(draft: Draft) -> None:
    """Call for what this step brought to light; look only at what it changed."""
    if not _wants(draft, "needs_you"):
        return
    for kind, name in sorted(draft.touched):
        match kind:
            case "limit":
                limit = draft.limits[LimitId(name)]
                _told(draft, f"limit:{name}", need_of_limit(draft, limit), over=True)
            case "group":
                group = draft.groups[GroupId(name)]
                need = need_of_group(draft, group, draft.now)
                # A breaker that opens again after its probe is the same incident.
                _told(draft, f"group:{name}", need, over=all_closed(group))
            case _:
                _told(draft, "disk:", need_of_disk(draft), over=True)
                _gpus(draft)


def _gpus(draft: Draft) -> None:
    found = dict(gpus.needs_you(draft))
    known = (key for key in draft.desk.paged if key.startswith("gpu"))
    for key in sorted({*found, *known}):
        _told(draft, key, found.get(key), over=True)


def unreachable(draft: Draft) -> None:
    """Take in that an attempt cannot be reached; somebody is called if that lasts."""
    desk = draft.desk
    if desk.page_at is None and _UNREACHABLE not in desk.paged and _wants(draft, "needs_you"):
        draft.put_desk(replace(desk, page_at=draft.now + _UNREACHABLE_S))


def due(draft: Draft) -> None:
    """Call for attempts that still cannot be reached."""
    if draft.desk.page_at is not None and draft.desk.page_at <= draft.now:
        draft.put_desk(replace(draft.desk, page_at=None))
        _told(draft, _UNREACHABLE, need_of_unreachable(draft), over=True)


def reached(draft: Draft) -> None:
    """Take in that an attempt can be reached again: once all can, the next silence is news."""
    if _UNREACHABLE in draft.desk.paged:
        _told(draft, _UNREACHABLE, need_of_unreachable(draft), over=True)


def done(draft: Draft) -> None:
    """Call when the batch is done, if that is wanted."""
    if not _wants(draft, "done"):
        return
    counts = dict.fromkeys(("succeeded", "failed", "aborted", "cancelled"), 0)
    for of_group in draft.counts.values():
        for word in counts:
            counts[word] += of_group[word]
    bad = listed(
        [f"{count} {word}" for word, count in counts.items() if count and word != "succeeded"]
    )
    why = f"{counts['succeeded']}/{sum(counts.values())} done{', ' + bad if bad else ''}"
    name = draft.desk.name
    page = Page(
        event="done", what=name, since=draft.now, why=why, command=f"overnight report {name}"
    )
    draft.effects.append(page)
    draft.record("page", "", f"done: {why}")


def _wants(draft: Draft, event: Literal["needs_you", "done"]) -> bool:
    notify = draft.head.notify
    return notify is not None and event in notify.when


def _told(draft: Draft, key: str, need: NeedsYou | None, *, over: bool) -> None:
    paged = draft.desk.paged
    if need is not None and key not in paged:
        draft.put_desk(replace(draft.desk, paged=tuple(sorted((*paged, key)))))
        draft.record("page", _subject(key), f"you are called: {need.why}")
        draft.effects.append(
            Page(
                event="needs_you",
                what=need.what,
                since=need.since,
                why=need.why,
                command=need.command,
            )
        )
    elif need is None and over and key in paged:
        rest = tuple(one for one in paged if one != key)
        draft.put_desk(replace(draft.desk, paged=rest))


def _subject(key: str) -> str:
    kind, _, name = key.partition(":")
    return name if kind in {"limit", "group"} else ""
