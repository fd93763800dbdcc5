"""Commands that steer a running batch; each is one intent."""

from collections.abc import Callable

from supervisor.cli.batches import Entry, running
from supervisor.cli.confirm import confirm
from supervisor.cli.nearest import hint
from supervisor.cli.orders import order
from supervisor.cli.targets import FINAL, LIVE, Document, matching, status
from supervisor.cli.text import cleaned
from supervisor.cli.words import Args, CommandError
from supervisor.core.intents import (
    Cancel,
    First,
    Freeze,
    Intent,
    Kill,
    Pause,
    Refresh,
    Resume,
    Retry,
    Thaw,
)
from supervisor.core.models import ErrorClass, GroupId, LimitId


def run(args: Args) -> int:
    """Carry out one of pause, resume, release, freeze, thaw, refresh, first, kill, …"""
    args.words += args.after or []
    entry = running(args)
    if args.command in _DESTROYS:
        _destroy(entry, args)
    elif args.command == "retry" and args.on("dry-run"):
        _list(_to_retry(status(entry), args))
    else:
        order(entry, _INTENTS[args.command](args), args.text("why"))
    return 0


def _pause(args: Args) -> Intent:
    word = _at_most_one(args)
    return Pause(group=GroupId(word) if word else None)


def _resume(args: Args) -> Intent:
    return Resume(name=_at_most_one(args))


def _release(args: Args) -> Intent:
    return Resume(name=_exactly_one(args, "LIMIT"))


def _refresh(args: Args) -> Intent:
    return Refresh(limit=LimitId(_exactly_one(args, "LIMIT")))


def _first(args: Args) -> Intent:
    return First(targets=_some(args))


def _retry(args: Args) -> Intent:
    if not args.words and not args.on("failed") and not args.on("class"):
        raise CommandError("retry what? Name tasks, or give --failed or --class CLASS")
    return Retry(
        targets=tuple(args.words),
        error_class=error_class(args.text("class")),
        with_dependents=args.on("with-dependents"),
    )


_INTENTS: dict[str, Callable[[Args], Intent]] = {
    "pause": _pause,
    "resume": _resume,
    "release": _release,
    "freeze": lambda args: Freeze(targets=tuple(args.words)),
    "thaw": lambda args: Thaw(targets=tuple(args.words)),
    "refresh": _refresh,
    "first": _first,
    "retry": _retry,
}


def error_class(word: str | None) -> ErrorClass | None:
    """Return the error class called ``word``; None for None.

    Raises:
        CommandError: there is none.
    """
    if word is None:
        return None
    try:
        return ErrorClass(word)
    except ValueError:
        known = [str(kind) for kind in ErrorClass]
        raise CommandError(f"no error class {word}{hint(word, known)}") from None


_DESTROYS: dict[str, tuple[Callable[[tuple[str, ...]], Intent], str, str]] = {
    "kill": (lambda targets: Kill(targets=targets), "end the running attempt of", "does not run"),
    "cancel": (lambda targets: Cancel(targets=targets), "end for good", "is over already"),
}


def _destroy(entry: Entry, args: Args) -> None:
    """List or ask, then end attempts or tasks."""
    intent, words, done = _DESTROYS[args.command]
    meant = matching(status(entry), list(_some(args)))
    tasks = [
        task
        for task in meant
        if (task["phase"] in LIVE if args.command == "kill" else task["phase"] not in FINAL)
    ]
    if not tasks:
        # Saying it again is no mistake.
        print(f"nothing to {args.command}: {_counted(meant)} {done}")
        return
    if args.on("dry-run"):
        _list(tasks)
        return
    confirm(f"{words[0].upper()}{words[1:]} {_counted(tasks)}?", args)
    order(entry, intent(tuple(task["task"] for task in tasks)), args.text("why"))


def _to_retry(document: Document, args: Args) -> list[Document]:
    _retry(args)
    if args.words:
        return matching(document, args.words)
    wanted = args.text("class")
    return [
        task
        for task in document["tasks"]
        if task["phase"] in ("failed", "aborted") and wanted in (None, task["class"])
    ]


def _list(tasks: list[Document]) -> None:
    for task in tasks:
        print(f"{cleaned(task['task'])}  {task['phase']}")


def _counted(tasks: list[Document]) -> str:
    if len(tasks) == 1:
        return cleaned(tasks[0]["task"])
    return f"{len(tasks)} tasks ({', '.join(cleaned(task['task']) for task in tasks[:3])}, …)"


def _some(args: Args) -> tuple[str, ...]:
    if not args.words:
        raise CommandError(f"{args.command} which task? overnight {args.command} TASK…")
    return tuple(args.words)


def _at_most_one(args: Args) -> str | None:
    if len(args.words) > 1:
        raise CommandError(f"{args.command} takes one name, not {len(args.words)}")
    return args.first()


def _exactly_one(args: Args, what: str) -> str:
    word = _at_most_one(args)
    if word is None:
        raise CommandError(f"{args.command} which? overnight {args.command} {what}")
    return word
