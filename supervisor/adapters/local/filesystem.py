"""Tells what kind of file system a directory is on."""

from pathlib import Path

_ALLOCATES = frozenset({"ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs", "tmpfs", "overlay"})


def allocates_at_once(directory: str) -> bool:
    """Return whether space that was allocated here is ours from that moment, without an fsync.

    Network file systems promise it only once the server has answered.
    """
    return kind(directory) in _ALLOCATES


def kind(directory: str) -> str:
    """Return the type of the file system, as ``mount`` names it; empty if nobody says."""
    path = Path(directory).resolve()
    best, found = -1, ""
    for line in _mounts().splitlines():
        left, _, right = line.partition(" - ")
        point = Path(_unescaped(left.split()[4]))
        # Of mounts over each other the last one counts.
        if path.is_relative_to(point) and len(point.parts) >= best:
            best, found = len(point.parts), right.split()[0]
    return found


def _mounts() -> str:
    try:
        return Path("/proc/self/mountinfo").read_text(encoding="utf-8")
    except OSError:  # a sandbox that hides it
        return ""


def _unescaped(text: str) -> str:
    return text.encode().decode("unicode_escape").encode("latin-1").decode("utf-8", "replace")
