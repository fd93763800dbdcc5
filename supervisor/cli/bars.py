"""Progress bars on standard error, where somebody sits at a terminal and it takes long."""

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager

LONG_BYTES = 64 << 20
"""A file from here on takes long enough to show how far it is."""
MANY = 200
"""So many things to read take long enough, too."""

Told = Callable[[int], None]
"""What is called with how much is done."""


@contextmanager
def bytes_bar(name: str, size_bytes: int) -> Generator[Told]:
    """Give what is told how many of ``size_bytes`` are read."""
    with _bar(name, size_bytes, in_bytes=True, draws=size_bytes >= LONG_BYTES) as told:
        yield told


@contextmanager
def count_bar(name: str, count: int) -> Generator[Told]:
    """Give what is told how many of ``count`` things are read."""
    with _bar(name, count, in_bytes=False, draws=count >= MANY) as told:
        yield told


@contextmanager
def _bar(name: str, total: int, *, in_bytes: bool, draws: bool) -> Generator[Told]:
    if not draws or not sys.stderr.isatty():
        yield lambda _done: None
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    from supervisor.cli.text import cleaned, cut

    counter = DownloadColumn(binary_units=True) if in_bytes else MofNCompleteColumn()
    columns = (TextColumn("{task.description}"), BarColumn(), counter, TimeRemainingColumn())
    # No thread of its own: readers of huge files are forked from this process.
    bar = Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False)
    with bar:
        task = bar.add_task(escape(cut(cleaned(name), 30)), total=total)
        yield lambda done: bar.update(task, completed=done, refresh=True)
