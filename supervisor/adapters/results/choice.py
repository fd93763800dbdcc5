"""Which of the results that lie there are one attempt's own."""

import glob
import os
import re
import stat
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path

from supervisor.adapters.results.bounded import Unreadable, head, tail
from supervisor.core.lines import clean
from supervisor.ports import Look

_MOST = 20_000
"""Files looked at for one glob."""
_COARSE_S = 0.02
"""A file's time comes from a clock that lags this much behind the one attempts are timed with."""
_SAID_HEAD, _SAID_TAIL = 64 << 10, 1 << 20
_FRAME = re.compile(r"[\s│┃|╭╮╰╯─]+")
"""What a line is wrapped with: white space, and the frames that Rich draws around text."""


def written(globs: Sequence[str], look: Look) -> list[Path]:
    """Return the regular files that match and were written since the attempt began; newest last."""
    found: dict[Path, int] = {}
    root = glob.escape(str(look.cwd))
    for pattern in globs:
        matches = glob.iglob(os.path.join(root, pattern), recursive=True)  # noqa: PTH118, PTH207 - Path drops a pattern's "./", and keeps no order
        for name in islice(matches, _MOST):
            facts = _facts(name)
            if facts is not None and facts.st_mtime >= look.since - _COARSE_S:
                found[Path(name)] = facts.st_mtime_ns
    return sorted(found, key=lambda path: (found[path], path))


def own(globs: Sequence[str], look: Look, mark: Callable[[Path], str]) -> list[Path]:
    """Return the results that this attempt wrote; ``mark`` gives the name that tells one run's apart.

    They are those that the runner named, while it lived or in its output, else all that nobody
    else can have written.

    Raises:
        Unreadable: they may be another attempt's.
    """
    known = written([glob.escape(str(path)) for path in look.known], look)
    candidates = written(globs, look)
    output = said(look)
    named = [path for path in candidates if _joined(mark(path)) in output]
    if known or named:
        return list(dict.fromkeys((*known, *named)))
    if look.shared and candidates:
        count = len(candidates)
        of = f"{count} results" if count > 1 else "the results"
        raise Unreadable(f"{candidates[-1].parent}: {of} there may be another attempt's")
    return candidates


def said(look: Look) -> str:
    """Return the beginning and the end of what the attempt wrote, without any white space."""
    texts: list[bytes] = []
    for path in look.logs:
        try:
            texts += [head(path, _SAID_HEAD), tail(path, _SAID_TAIL)]
        except Unreadable:
            continue  # a log that is gone says nothing
    return _joined(clean(b"\n".join(texts)).decode("utf-8", "replace"))


def _joined(text: str) -> str:
    return _FRAME.sub("", text)


def _facts(name: str) -> os.stat_result | None:
    try:
        facts = os.stat(name)  # noqa: PTH116 - once for each of up to 20,000 files
    except OSError:
        return None
    return facts if stat.S_ISREG(facts.st_mode) else None
