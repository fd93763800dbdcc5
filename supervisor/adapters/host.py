"""What this machine has room for."""

import os
from pathlib import Path


def free_bytes(path: Path) -> int:
    """Return how much an ordinary user may still write to the disk that holds ``path``."""
    disk = os.statvfs(path)
    return disk.f_bavail * disk.f_frsize
