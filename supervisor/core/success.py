"""What proves that an attempt succeeded, and what its results say."""

from supervisor.core.models import End, GroupSpec
from supervisor.core.runners import RunnerProfile, SuccessSigns


def success_signs(group: GroupSpec, profile: RunnerProfile) -> SuccessSigns:
    """Return the signs of success that hold: the group's own, and the profile's for the rest."""
    theirs = profile.success
    return SuccessSigns(
        exit=theirs.exit if group.success_exit is None else group.success_exit,
        files=theirs.files if group.success_files is None else group.success_files,
        markers=theirs.markers if group.success_markers is None else group.success_markers,
    )


def proved_good(end: End) -> bool:
    """Tell whether more than the exit code says that the attempt did its work."""
    seen = end.results
    return seen is not None and not proved_bad(end) and (seen.proved or seen.status == "success")


def proved_bad(end: End) -> str:
    """Return what shows, whatever the exit code, that the work was not done; empty: nothing does."""
    seen = end.results
    if seen is None:
        return ""
    if seen.missing_files:
        return f"it ended, but wrote no {_first(seen.missing_files)}"
    if seen.missing_markers:
        return f"it ended, but never wrote {_first(tuple(map(repr, seen.missing_markers)))}"
    if seen.status in {"error", "cancelled"} or (seen.status is None and seen.failed_count):
        return _counted(end, f"its results say {seen.status or 'error'}")
    if seen.status == "started":
        return _counted(end, "its results were never finished")
    return ""


def _first(wanted: tuple[str, ...]) -> str:
    first, *rest = wanted
    return f"{first} and {len(rest)} more" if rest else first


def _counted(end: End, words: str) -> str:
    seen = end.results
    if seen is None or not seen.failed_count:
        return words
    of = f" of {seen.total}" if seen.total else ""
    return f"{words}: {seen.failed_count}{of} items failed"
