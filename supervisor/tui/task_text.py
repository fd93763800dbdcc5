"""All that is known of one task as paragraphs, what is asked for most first."""

from collections.abc import Iterator, Sequence

from supervisor.core.containers import ContainerRow
from supervisor.core.night import Event
from supervisor.core.task_page import AttemptRow, NeedRow, TaskPage
from supervisor.core.wording import span
from supervisor.tui.format import moment, seconds, size
from supervisor.tui.glyphs import Glyphs
from supervisor.tui.paragraphs import Styled, Text


def task_text(
    page: TaskPage, attempt: AttemptRow | None, containers: Sequence[ContainerRow], glyphs: Glyphs
) -> list[Text]:
    """Return the sections of a task's page; ``attempt`` is the one under the cursor."""
    sections = (
        ("Why", [*_standing(page)]),
        (f"Attempt {attempt.attempt}" if attempt else "", [*_attempt(attempt)]),
        ("Needs", [*_needs(page.needs, glyphs)]),
        ("Needed by", [*_needs(page.needed_by, glyphs)]),
        ("Its containers", [*_containers(containers, glyphs)]),
        ("Decisions, newest first", [*_decisions(page, glyphs)]),
        ("Command", [*_command(page)]),
        ("Files", [*_files(page)]),
        ("Environment, names only", [*_environment(page)]),
    )
    text: list[Text] = []
    for title, lines in sections:
        if lines:
            text += ["", *_titled(title, lines)] if text else _titled(title, lines)
    return text


def _titled(title: str, lines: list[Text]) -> list[Text]:
    return [Styled(text=title, look="title"), *lines]


def _standing(page: TaskPage) -> Iterator[Text]:
    for line in page.standing:
        yield Styled(text=f"  {line}", hang=4 if line.startswith("-") else 2)


def _attempt(one: AttemptRow | None) -> Iterator[Text]:
    if one is None or one.ended_at is None:
        return
    if one.error_class is not None:
        yield Styled(text=f"  {one.error_class}: {one.cause}", look="warn", hang=2)
    if one.found_by:
        yield Styled(text=f"  found by {one.found_by}", look="dim", hang=2)
    if one.spent is not None:
        spent = f"{span(one.spent.cpu_s)} of CPU, and at most {size(one.spent.peak_bytes)}"
        yield Styled(text=f"  it was seen to use {spent} of memory", look="dim", hang=2)
    if one.decision:
        cost = "" if one.counted or one.error_class is None else "; it cost no attempt"
        yield Styled(text=f"  then: {one.decision}{cost}", hang=2)


def _needs(needs: Sequence[NeedRow], glyphs: Glyphs) -> Iterator[Text]:
    for one in needs:
        sign = glyphs.phases["succeeded" if one.met else "waiting"]
        yield Styled(text=f"  {sign} {one.name}  ({one.state.replace('_', ' ')})", hang=4)


def _containers(rows: Sequence[ContainerRow], glyphs: Glyphs) -> Iterator[Text]:
    for row in rows:
        state = row.state.replace("_", " ")
        sign = glyphs.phases.get(row.state, "?")
        why = f": {row.why}" if row.why else ""
        yield Styled(text=f"  {sign} {row.name}  {state}{why}", hang=4)


def _decisions(page: TaskPage, glyphs: Glyphs) -> Iterator[Text]:
    day = ""
    for one in reversed(page.decisions):
        when, dated = seconds(one.at), moment(one.at, page.as_of).rpartition(" ")[0]
        if dated != day:
            day = dated
            if dated:
                yield Styled(text=f"  {dated}", look="dim")
        yield Styled(text=f"  {when}  {_about(one, page, glyphs)}: {one.text}", hang=12)


def _about(one: Event, page: TaskPage, glyphs: Glyphs) -> str:
    kind = one.kind.replace("_", " ")
    if one.subject == page.task:
        return kind
    return f"{kind} {glyphs.arrow} {one.subject or 'the batch'}"


def _command(page: TaskPage) -> Iterator[Text]:
    for line in page.command.splitlines():
        yield Styled(text=f"  {line}", look="strong", hang=4)
    yield Styled(text=f"  in {page.cwd}", look="dim", hang=4)
    if page.image:
        yield Styled(text=f"  image {page.image}", look="dim", hang=4)
    if page.params:
        told = ", ".join(f"{name}={value}" for name, value in page.params.items())
        yield Styled(text=f"  with {told}", look="dim", hang=4)
    if page.limits:
        yield Styled(text=f"  limits {', '.join(page.limits)}", look="dim", hang=4)


def _files(page: TaskPage) -> Iterator[Text]:
    if page.directory:
        yield Styled(text=f"  in {page.directory}", look="dim", hang=4)
    for one in page.files:
        when = moment(one.changed_at, page.as_of)
        look = "" if one.size_bytes else "dim"
        yield Styled(text=f"  {size(one.size_bytes):>8}  {when}  {one.path}", look=look, hang=12)


def _environment(page: TaskPage) -> Iterator[Text]:
    if page.own_env:
        yield Styled(text=f"  the batch file sets {', '.join(page.own_env)}", hang=4)
    if page.env_file:
        yield Styled(text=f"  read anew for each attempt: {page.env_file}", hang=4)
    if page.env:
        yield Styled(text=f"  {', '.join(page.env)}", look="dim", hang=2)
