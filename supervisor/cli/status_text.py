"""The text of ``overnight status`` out of its JSON document."""

from supervisor.cli.text import cleaned, clock, cut, padded, span, wrapped

WIDTH = 60
HEIGHT = 20
_NEEDS = 3
_ROOMS = (100, 80, 60, 40, 20)
"""Columns for why something needs you, when all of it leaves no room for the command."""
_GROUPS = 6
_LIMITS = 3
_NOTES = 2

Document = dict[str, "Any"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def lines(document: Document, now: float, note: str = "", *, bold: bool = False) -> list[str]:
    """Return at most 20 lines of 60 columns; those about what needs the operator come first."""
    needs = _needs(document["needs_you"], now)
    if bold:
        needs = [f"\033[1m{line}\033[0m" for line in needs]
    limits: list[Document] = [] if document["state"] == "done" else document["limits"]
    top = [*needs, *_head(document, note), *_containers(document), *_limits(limits, now)]
    top += [cleaned(one["text"])[:WIDTH] for one in document["under_way"][:_NOTES]]
    middle = [*_groups(document["groups"]), *_advice(document["advice"])]
    room = HEIGHT - len(top) - len(middle)
    return [*top, *middle, *_tasks(document["tasks"], now, room)][:HEIGHT]


def _needs(needs: list[Document], now: float) -> list[str]:
    found: list[str] = []
    for need in needs[:_NEEDS]:
        found += _need(need, now)
    if len(needs) > _NEEDS:
        found.append(f"NEEDS YOU  and {len(needs) - _NEEDS} more: overnight status --json")
    return found


def _need(need: Document, now: float) -> list[str]:
    """Return three lines at most, of which the end is the command whatever there is to tell."""
    since = f" {clock(need['since'], now)}" if need["since"] else ""
    # What only a person can judge, such as what to delete, has no command.
    cure = f" → {cleaned(need['command'])}" if need["command"] else ""
    why, rest = cleaned(need["why"]), since + cure
    found: list[str] = []
    for room in (len(why), *_ROOMS):
        words = f"NEEDS YOU  {cleaned(need['what'])}: {_squeezed(why, room)}{rest}"
        found = wrapped(words, WIDTH, "  ", 3)
        if " ".join(line.strip() for line in found) == words:
            break
    return found


def _squeezed(why: str, room: int) -> str:
    """Cut in the middle: it begins with what it is about and ends with the way out."""
    if len(why) <= room:
        return why
    begin = room // 2
    return f"{why[:begin]}…{why[begin + 1 - room :]}"


def _head(document: Document, note: str) -> list[str]:
    counts = document["counts"]
    total = sum(counts.values())
    head = f"{cleaned(document['batch'])}  {document['state']}  {counts['succeeded']}/{total} done"
    rest = "  ".join(
        f"{phase.replace('_', ' ')} {count}"
        for phase, count in counts.items()
        if count and phase != "succeeded"
    )
    return [cut(line, WIDTH) for line in (head, note, document.get("reason") or "", rest) if line]


def _containers(document: Document) -> list[str]:
    """Return how many containers do what; nothing where nobody looks at any, or none is there."""
    counts: dict[str, int] = document.get("containers") or {}
    if not any(counts.values()):
        return []
    always = ("busy", "idle", "dead_idle")
    states = (*always, *(state for state in counts if counts[state] and state not in always))
    told = [f"{counts[state]} {state.replace('_', '-')}" for state in states]
    return [cut(f"containers: {', '.join(told)}", WIDTH)]


def _limits(limits: list[Document], now: float) -> list[str]:
    found: list[str] = []
    for limit in limits[:_LIMITS]:
        until = limit["held_until"]
        when = f"until {clock(until, now)}, in {span(until - now)}" if until else "until released"
        if limit.get("state", "held") != "held":
            when = limit["state"]
        found.append(f"limit {limit['limit']}: {when}: {limit['reason']}")
    return [cut(cleaned(line), WIDTH) for line in found]


def _groups(groups: list[Document]) -> list[str]:
    if not groups:
        return []
    found = [f"{'GROUP':<22} {'STATE':<9}{'RUN':>7}{'DONE':>10}{'FAIL':>6}"]
    for group in groups[:_GROUPS]:
        counts = group["counts"]
        bad = counts["failed"] + counts["aborted"]
        done = f"{counts['succeeded']}/{sum(counts.values())}"
        runs = f"{group['running']}/{group['parallel']}"
        state = group["state"] if group["breaker"] == "closed" else f"{group['breaker']}!"
        name = padded(cleaned(group["group"]), 22)
        found.append(f"{name} {padded(state, 9)}{runs:>7}{done:>10}{bad:>6}")
    if len(groups) > _GROUPS:
        found.append(f"… {len(groups) - _GROUPS} more groups")
    notes = [f"{group['group']}: {group['note']}" for group in groups if group.get("note")]
    return found + [cut(cleaned(note), WIDTH) for note in notes[:_NOTES]]


def _advice(advice: list[Document]) -> list[str]:
    found: list[str] = []
    for one in advice[:2]:
        knob = one.get("knob", "parallel")
        what = one["group"] if knob == "parallel" else f"{one['group']} {knob}"
        text = f"advice {what}: {one['parallel']} → {one['suggested']}: {one['why']}"
        found += wrapped(cleaned(text), WIDTH, "  ", 2)
    return [*found, "  to take it: overnight parallel --advice"] if found else []


_SHOWN = ("failed", "held", "unreachable", "frozen", "backing_off", "running", "starting")


def _tasks(tasks: list[Document], now: float, room: int) -> list[str]:
    """Return as many tasks as there is room for: the troubled first, none that just waits."""
    worth = sorted(
        (task for task in tasks if task["phase"] in _SHOWN),
        key=lambda task: _SHOWN.index(task["phase"]),
    )
    if room < 1:
        return []
    if len(worth) <= room:
        return [_task(task, now) for task in worth]
    shown = [_task(task, now) for task in worth[: room - 1]]
    return [*shown, f"… {len(worth) - len(shown)} more: overnight status --json"]


def _task(task: Document, now: float) -> str:
    facts = [task["phase"].replace("_", " "), cut(cleaned(task["task"]), 30)]
    if task["progress"]:
        facts.append("{}/{}".format(*task["progress"]))
    said: Document = task.get("said") or {}
    if until := said.get("waiting_until"):
        facts.append(f"waits until {clock(until, now)}")
    if task["next_at"]:
        facts.append(clock(task["next_at"], now))
    if task["class"]:
        facts.append(task["class"])
    if task["cause"]:
        facts.append(cleaned(task["cause"]))
    return cut("  ".join(facts), WIDTH)
