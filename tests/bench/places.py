"""Fresh directories for measuring, removed only when everything has been measured.

Files made right after a large removal cost several times as much on ext4 (with ``discard`` for tens
of seconds), and it is the one who makes more files who pays.
"""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path


def fresh(prefix: str) -> Path:
    """Make a new directory that stays until this program ends."""
    return Path(tempfile.mkdtemp(prefix=f"{prefix}-", dir=_root()))


@cache
def _root() -> Path:
    root = Path(tempfile.mkdtemp(prefix="overnight-bench-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    return root
