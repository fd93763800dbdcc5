"""When the batch launches at all: inside its ``hours``, and until the time of ``--until``."""

from dataclasses import replace

from supervisor.core.draft import Draft
from supervisor.core.hours import clock, is_open, next_change, written

TIME_UP = "the time given with --until has come"


def look(draft: Draft) -> None:
    """Find out whether the hours are open, and when that changes."""
    hours, desk = draft.head.hours, draft.desk
    opens_at = closes_at = None
    if hours is not None:
        at, opened = next_change(hours, draft.now), is_open(hours, draft.now)
        opens_at, closes_at = (None, at) if opened else (at, None)
    if (opens_at, closes_at) == (desk.opens_at, desk.closes_at):
        return
    draft.put_desk(replace(desk, opens_at=opens_at, closes_at=closes_at))
    if hours is not None and opens_at is not None and desk.opens_at is None:
        until = clock(hours.opens)
        draft.record("hours", "", f"nothing is launched before {until} (hours {written(hours)})")
    elif desk.opens_at is not None and opens_at is None:
        draft.record("hours", "", "launching goes on")


def time_up(draft: Draft) -> None:
    """Launch nothing more; the engine ends once what runs is over."""
    desk = replace(draft.desk, until=None, time_up=True)
    if desk.stopping is None:
        desk = replace(desk, stopping="drain")
    draft.put_desk(desk)
    draft.record("stop", "", f"{TIME_UP}: nothing more is launched, what runs is waited for")
