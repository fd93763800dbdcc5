"""The text of ``overnight containers`` out of its JSON document."""

from supervisor.cli.text import cleaned, cut, padded, span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_WORDS = {"dead_idle": "dead-idle"}
_FIRST = ("busy", "idle", "dead_idle")
_NAME = 20


def lines(documents: "list[dict[str, Any]]", width: int, *, batch: str | None) -> list[str]:
    """Return a line of counts, then a line for each container, in at most ``width`` columns."""
    where = f"{cleaned(batch)}: " if batch is not None else "this machine: "
    if not documents:
        return [f"{where}no containers"]
    found = [cut(f"{where}{_counts(documents)}", width)]
    # What is beyond 60 columns goes to the name first, then to the reason.
    name = min(max(len(cleaned(one["name"])) for one in documents), _NAME + max(0, width - 60) // 3)
    name = max(name, 4)
    head = f"{'STATE':<9} {'CPU':>5} {'MEM':>5} {'QUIET':>5}  {padded('NAME', name)}  TASK"
    found.append(cut(head, width))
    found += [cut(_row(one, name), width).rstrip() for one in documents]
    return [*found, *_hints(documents, batch)]


def _counts(documents: "list[dict[str, Any]]") -> str:
    counts: dict[str, int] = dict.fromkeys(_FIRST, 0)
    for one in documents:
        counts[one["state"]] = counts.get(one["state"], 0) + 1
    return ", ".join(f"{count} {_word(state)}" for state, count in counts.items())


def _row(one: "dict[str, Any]", name: int) -> str:
    cores = "" if one["cores"] is None else f"{one['cores']:.2f}"
    memory = "" if one["mem_bytes"] is None else _size(one["mem_bytes"])
    quiet = "" if one["quiet_for_s"] is None else _short(one["quiet_for_s"])
    whose = cleaned(one["task"] or "-") if one["owned"] else "unowned"
    left = f"{_word(one['state']):<9} {cores:>5} {memory:>5} {quiet:>5}"
    return f"{left}  {padded(cleaned(one['name']), name)}  {whose}  {one['why']}"


def _hints(documents: "list[dict[str, Any]]", batch: str | None) -> list[str]:
    dead = [one for one in documents if one["state"] == "dead_idle"]
    if not dead:
        return []
    if batch is not None and any(one["owned"] for one in dead):
        return ["end the dead ones of this batch: overnight kill-container --dead"]
    return ["end one: overnight kill-container NAME"]


def _word(state: str) -> str:
    return _WORDS.get(state, state)


def _size(size_bytes: int) -> str:
    for unit, length in (("G", 1 << 30), ("M", 1 << 20), ("k", 1 << 10)):
        if size_bytes >= length:
            count = size_bytes / length
            return f"{count:.1f}{unit}" if count < 10 else f"{count:.0f}{unit}"
    return f"{size_bytes}B"


def _short(seconds: float) -> str:
    """Return a span in five columns."""
    told = span(seconds)
    if len(told) <= 5:
        return told
    return f"{round(seconds / 60)}m" if seconds < 6000 else f"{round(seconds / 3600)}h"
