"""How a batch ended: the exit code, and the words."""

FAILED = 1
LIMITED = 2
INTERRUPTED = 130

_OVER = ("succeeded", "failed", "aborted", "cancelled")

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def exit_code(
    counts: "Mapping[str, int]", *, finished: bool, limited: bool, interrupted: bool
) -> int:
    """Return 0 all succeeded, 1 something did not, 2 unfinished for a limit, 130 interrupted.

    If several hold, 130 goes before 2 before 1. ``finished``: the engine has nothing left to do; tasks
    that still wait then were not asked for. Otherwise ``limited`` and ``interrupted`` say why not.
    """
    unfinished = sum(count for phase, count in counts.items() if phase not in _OVER)
    if not finished and unfinished and interrupted:
        return INTERRUPTED
    if not finished and unfinished and (limited or counts.get("held")):
        return LIMITED
    bad = sum(counts.get(phase, 0) for phase in _OVER if phase != "succeeded")
    return 0 if counts.get("succeeded") and not bad and (finished or not unfinished) else FAILED


def words(counts: "Mapping[str, int]", classes: "Mapping[str, int]") -> str:
    """Return one sentence on how many tasks ended how, the failed ones by error class."""
    total = sum(counts.values())
    parts = [f"{counts.get('succeeded', 0)} of {total} tasks succeeded"]
    if counts.get("failed"):
        kinds = ", ".join(f"{name} {count}" for name, count in _most_first(classes))
        parts.append(
            f"{counts['failed']} failed ({kinds})" if kinds else f"{counts['failed']} failed"
        )
    parts += [f"{counts[phase]} {phase}" for phase in ("aborted", "cancelled") if counts.get(phase)]
    unfinished = sum(count for phase, count in counts.items() if phase not in _OVER)
    if unfinished:
        parts.append(f"{unfinished} unfinished")
    return ", ".join(parts)


def _most_first(classes: "Mapping[str, int]") -> list[tuple[str, int]]:
    return sorted(classes.items(), key=lambda one: (-one[1], one[0]))
