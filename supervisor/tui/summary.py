"""What happened, what failed, what now: the end of a batch, or how it stands, on one page."""

import shlex
from collections.abc import Iterator

from supervisor.core.board import Board
from supervisor.core.class_cures import cure
from supervisor.core.failures import Kind, kinds
from supervisor.core.wording import span
from supervisor.tui.format import clock, fit, moment, plain
from supervisor.tui.glyphs import Glyphs
from supervisor.tui.link import Link
from supervisor.tui.paragraphs import Styled, Text
from supervisor.tui.screens.dialog import Option
from supervisor.tui.steering import counted
from supervisor.tui.widgets.lines import cells

_OVER = ("succeeded", "failed", "aborted", "cancelled")
_MOST_LIMITS = 4
_CAUSE_CELLS = 60


def summary(
    board: Board, link: Link, glyphs: Glyphs, *, read_only: bool = False
) -> tuple[str, list[Text], list[Option]]:
    """Return title, text and options; an option's value is ``retry``."""
    failed = kinds(board.tasks.values())
    sections = [[*_happened(board)], [*_failed(failed, glyphs)], [*_now(board, link, failed)]]
    text: list[Text] = []
    for lines in sections:
        if lines:
            text += ["", *lines] if text else lines
    options: list[Option] = []
    if failed and link.state == "live" and not read_only:
        options.append(Option(key="R", words="retry all that failed", value="retry"))
    return _title(board, bad=bool(failed)), text, options


def _title(board: Board, *, bad: bool) -> str:
    state = board.head.state if board.head.state in ("done", "stopped") else "so far"
    return f"{board.head.batch}: {state}{', not all well' if bad else ''}"


def _happened(board: Board) -> Iterator[Text]:
    head, rows = board.head, board.tasks.values()
    counts, total = head.counts, sum(head.counts.values())
    took = f" in {span(head.as_of - head.started_at)}" if head.started_at else ""
    over = "until" if head.state in ("done", "stopped") else "at"
    good = counts.get("succeeded", 0)
    yield f"{good} of {counted(total, 'task')} succeeded{took}, {over} {clock(head.as_of)}."
    again = sum(1 for row in rows if row.phase == "succeeded" and row.attempt > 1)
    if again:
        yield f"{again} of them needed more than one attempt."
    if cancelled := counts.get("cancelled", 0):
        yield f"{counted(cancelled, 'task')} cancelled."
    if left := total - sum(counts.get(phase, 0) for phase in _OVER):
        yield f"{counted(left, 'task')} not finished."
    yield from _costs(board)


def _costs(board: Board) -> Iterator[Text]:
    """Yield what limits cost, the dearest first."""
    costs = sorted(board.head.costs, key=lambda one: -one.waited_s)
    if not costs:
        return
    waited, lost = sum(one.waited_s for one in costs), sum(one.lost_s for one in costs)
    yield f"Limits held for {span(waited)}, which cost {_task_hours(lost)}:"
    for one in costs[:_MOST_LIMITS]:
        pauses = counted(one.pauses, "pause")
        told = f"  {one.limit}: {span(one.waited_s)} in {pauses}, {_task_hours(one.lost_s)}"
        yield Styled(text=told, look="dim", hang=4)


def _task_hours(seconds: float) -> str:
    hours = seconds / 3600
    return f"{hours:.0f} task-hours" if hours >= 10 else f"{hours:.1f} task-hours"


def _failed(failed: tuple[Kind, ...], glyphs: Glyphs) -> Iterator[Text]:
    if not failed:
        return
    count = sum(len(kind.rows) for kind in failed)
    yield Styled(text=f"{counted(count, 'task')} did not succeed:", look="bad")
    longest = max(len(_named(kind)) for kind in failed)
    for kind in failed:
        phase = "aborted" if kind.name == "aborted" else "failed"
        named = fit(_named(kind), longest, ellipsis=glyphs.ellipsis)
        start = f"{glyphs.phases[phase]} {named}  "
        yield Styled(text=f"{start}{glyphs.arrow} {cure(kind.name)}", hang=cells(start))
        cause, rest = kind.causes[0], len(kind.causes) - 1
        if cause.text:
            others = f" (and {counted(rest, 'other cause')})" if rest else ""
            yield Styled(text=f"    {_short(cause.text, glyphs)}{others}", look="dim", hang=4)


def _short(cause: str, glyphs: Glyphs) -> str:
    text = plain(cause, ascii_only=glyphs.ascii_only)
    return fit(text, min(cells(text), _CAUSE_CELLS), ellipsis=glyphs.ellipsis)


def _named(kind: Kind) -> str:
    return f"{len(kind.rows)} {kind.name.replace('_', ' ')}"


def _now(board: Board, link: Link, failed: tuple[Kind, ...]) -> Iterator[Text]:
    """Yield what to do next, each with its command."""
    head, name = board.head, shlex.quote(board.head.batch)
    left = sum(head.counts.values()) - sum(head.counts.get(phase, 0) for phase in _OVER)
    file = shlex.quote(head.source) if head.source else "FILE"
    steps: list[tuple[str, str]] = []
    if link.state == "live":
        if failed:
            steps.append(("retry them", f"overnight retry --failed -b {name}"))
    else:
        if left:
            steps.append(("go on", f"overnight run {file}"))
        if failed:
            steps.append(("retry them", f"overnight run {file} --retry-errors"))
    if failed:
        steps.append(("list them", f"overnight failed -b {name}"))
    steps.append(("the whole night", f"overnight report {name}"))
    longest = max(len(words) for words, _ in steps)
    yield Styled(text="What now", look="title")
    for words, command in steps:
        yield Styled(text=f"  {words:<{longest}}  {command}", look="strong", hang=longest + 4)
    needs = [one for one in head.needs_you if one.command]
    for one in needs:
        told = f"  since {moment(one.since, head.as_of)} {one.what}: {one.why}: {one.command}"
        yield Styled(text=told, look="warn", hang=4)
