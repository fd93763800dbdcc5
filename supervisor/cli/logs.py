"""``overnight logs TASK``: a task's log, harmless for a terminal; needs no engine."""

import json
import sys
import time

from supervisor.cli import disk, task_dirs
from supervisor.cli.batches import chosen
from supervisor.cli.words import Args, CommandError
from supervisor.core.lines import LineReader
from supervisor.core.redact import redact

_BLOCK = 262144
_LOOK_EVERY_S = 0.25
_STREAMS = ("stdout", "stderr")


def run(args: Args) -> int:
    """Print logs of one task, or of every task that a glob names.

    Raises:
        CommandError: no such task or attempt, or several to follow.
    """
    word = args.first()
    if word is None:
        raise CommandError("the logs of which task? overnight logs GROUP/ID")
    entry = chosen(args, reads=True)
    tasks = task_dirs.matching(entry.directory, word)
    wanted = args.number("attempt")
    if args.on("json"):
        print(json.dumps([_document(task, path, wanted) for task, path in tasks]))
        return 0
    if args.on("follow"):
        if len(tasks) > 1:
            raise CommandError(f"-f follows one task; {word} names {len(tasks)}")
        _follow(tasks[0][1], wanted, args)
        return 0
    for task, path in tasks:
        if len(tasks) > 1:
            _heading(task)
        _show(_attempt_dir(path, wanted), args)
    return 0


def _attempt_dir(path: str, wanted: int | None) -> str:
    """Return the directory of the wanted attempt, or of the newest."""
    numbers = task_dirs.attempts(path)
    if wanted is not None and wanted not in numbers:
        raise CommandError(f"no attempt {wanted}; there are {', '.join(map(str, numbers))}")
    if not numbers:
        raise CommandError("it has no attempt yet")
    return f"{path}/attempt-{wanted or numbers[-1]}"


def _document(task: str, path: str, wanted: int | None) -> dict[str, object]:
    directory = _attempt_dir(path, wanted)
    return {
        "task": task,
        "attempt": int(directory.rpartition("-")[2]),
        "over": task_dirs.is_over(directory),
        **{
            stream: {
                "path": f"{directory}/{stream}.log",
                "bytes": disk.size_of(_log(directory, stream)),
            }
            for stream in _STREAMS
        },
    }


def _show(directory: str, args: Args) -> None:
    """Print what the logs hold now, under headings when both streams say something."""
    streams = [stream for stream in _chosen(args) if disk.size_of(_log(directory, stream))]
    for stream in streams:
        if len(streams) > 1:
            _heading(f"{stream}.log")
        _Tail(_log(directory, stream), args).advance(last=True)


def _follow(path: str, wanted: int | None, args: Args) -> None:
    """Print what is appended until the attempt is over and, unless one was named, the next ones."""
    while True:
        directory = _attempt_dir(path, wanted)
        _follow_attempt(directory, args)
        if wanted is not None or _attempt_dir(path, None) == directory:
            return
        _heading(_attempt_dir(path, None).rpartition("/")[2])


def _follow_attempt(directory: str, args: Args) -> None:
    tails = [(stream, _Tail(_log(directory, stream), args)) for stream in _chosen(args)]
    spoke, over = "", False
    while True:
        for stream, tail in tails:
            if tail.has_more(last=over):
                if len(tails) > 1 and stream != spoke:
                    _heading(f"{stream}.log")
                spoke = stream
                tail.advance(last=over)
        if over:
            return
        # One more look at the files after the end: what was written before it counts.
        over = task_dirs.is_over(directory)
        if not over:
            time.sleep(_LOOK_EVERY_S)


class _Tail:
    """One log file, printed from where it was left."""

    def __init__(self, path: str, args: Args) -> None:
        self._path = path
        self._raw = args.on("raw")
        self._lines = LineReader()
        wanted = args.number("lines")
        self._offset = 0 if wanted is None else _offset_of_last(path, wanted)

    def has_more(self, *, last: bool) -> bool:
        """Return whether there is something to print; ``last``: an unfinished line counts."""
        return disk.size_of(self._path) != self._offset or (last and self._lines.pending > 0)

    def advance(self, *, last: bool) -> None:
        """Print what is new; ``last``: the unfinished line too."""
        if disk.size_of(self._path) < self._offset:
            self._offset = 0
        try:
            with disk.opened(self._path) as file:
                file.seek(self._offset)
                while block := file.read(_BLOCK):
                    self._offset += len(block)
                    _write(block if self._raw else _masked(self._lines.feed(block)))
        except FileNotFoundError:
            return
        if last and not self._raw:
            _write(_masked(self._lines.flush()))


def _masked(lines: bytes) -> bytes:
    """Return whole lines without secrets: what is shown may be copied into a report."""
    text = lines.decode("utf-8", "surrogateescape")
    return redact(text).encode("utf-8", "surrogateescape")


def _offset_of_last(path: str, count: int) -> int:
    """Return where the last ``count`` lines of a file begin."""
    size = disk.size_of(path)
    offset, found = size, b""
    if not size or not count:
        return size
    with disk.opened(path) as file:
        while offset and found.count(b"\n") <= count:
            step = min(_BLOCK, offset)
            offset -= step
            file.seek(offset)
            found = file.read(step) + found
    lines = found.splitlines(keepends=True)
    return size - sum(map(len, lines[-count:]))


def _chosen(args: Args) -> tuple[str, ...]:
    asked = tuple(stream for stream in _STREAMS if args.on(stream))
    return asked or _STREAMS


def _log(directory: str, stream: str) -> str:
    return f"{directory}/{stream}.log"


def _heading(text: str) -> None:
    _write(f"==> {text} <==\n".encode("utf-8", "surrogateescape"))


def _write(data: bytes) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
