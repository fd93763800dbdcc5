"""Tasks and attempts of a batch as its directories show them; no engine is asked."""

from fnmatch import fnmatchcase

from supervisor.cli import disk
from supervisor.cli.nearest import hint
from supervisor.cli.processes import is_alive, start_ticks
from supervisor.cli.words import CommandError


def matching(state_dir: str, word: str) -> list[tuple[str, str]]:
    """Return (task id, directory) of the tasks called ``word``: ``group/id``, ``id`` or a glob.

    Raises:
        CommandError: no task that ever began is called so.
    """
    tasks = _tasks(state_dir)
    found = (
        [one for one in tasks if one[0] == word]
        or [one for one in tasks if one[0].partition("/")[2] == word]
        or [one for one in tasks if fnmatchcase(one[0], word)]
    )
    if not found:
        raise CommandError(
            f"no task {word} has begun{hint(word, [task for task, _ in tasks])}"
            "; overnight why tells what it waits for"
        )
    return found


def attempts(task_dir: str) -> list[int]:
    """Return the numbers of a task's attempts, in order."""
    numbers = (name.removeprefix("attempt-") for name in disk.names(task_dir))
    return sorted(int(number) for number in numbers if number.isdigit())


def is_over(attempt_dir: str) -> bool:
    """Return whether the attempt ended: its exit is recorded, or its claimed process is gone."""
    if _has_exit(attempt_dir):
        return True
    process = _claimed(attempt_dir)
    return process is not None and not is_alive(*process)


def living(state_dir: str) -> int:
    """Return how many tasks of a batch run, whether or not an engine does."""
    newest = (
        f"{path}/attempt-{numbers[-1]}"
        for _, path in _tasks(state_dir)
        if (numbers := attempts(path))
    )
    return sum(_lives(directory) for directory in newest)


def _lives(attempt_dir: str) -> bool:
    process = _claimed(attempt_dir)
    return process is not None and is_alive(*process) and not _has_exit(attempt_dir)


def _has_exit(attempt_dir: str) -> bool:
    return (disk.first_line(f"{attempt_dir}/exit") or "").startswith("exit=")


def _claimed(attempt_dir: str) -> tuple[str, str, str] | None:
    """Return (pid, start, boot) of the process that claimed an attempt; None: nobody has yet."""
    boot, _, stat = (disk.first_line(f"{attempt_dir}/started") or "").partition(" ")
    ticks = start_ticks(stat)
    return (stat.partition(" ")[0], ticks, boot) if ticks else None


def _tasks(state_dir: str) -> list[tuple[str, str]]:
    root = f"{state_dir}/tasks"
    return [
        (_task_id(f"{root}/{group}/{name}", group, name), f"{root}/{group}/{name}")
        for group in disk.names(root)
        for name in disk.names(f"{root}/{group}")
    ]


def _task_id(path: str, group: str, name: str) -> str:
    """Return the task whose directory this is; a name too long for a file stands in ``spec.json``."""
    if "%~" in group + name:
        for number in reversed(attempts(path)):
            spec = disk.facts(f"{path}/attempt-{number}/spec.json")
            if spec and isinstance(spec.get("task"), str):
                return str(spec["task"])
    return f"{decoded(group)}/{decoded(name)}"


def decoded(name: str) -> str:
    """Return what ``core.places.encoded`` made a file name of."""
    head, *rest = name.split("%")
    data = bytearray(head.encode())
    for part in rest:
        try:
            data += bytes.fromhex(part[:2]) + part[2:].encode()
        except ValueError:
            data += f"%{part}".encode()
    return data.decode("utf-8", "surrogateescape")
