"""``overnight kill-container``: saves what explains containers, then stops, kills, removes them."""

import asyncio
import json
import time
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from supervisor.cli import fast
from supervisor.cli.batches import Entry, chosen
from supervisor.cli.confirm import confirm, on_terminal
from supervisor.cli.orders import order
from supervisor.cli.text import apart, cleaned
from supervisor.cli.words import Args, CommandError
from supervisor.core.intents import KillContainers
from supervisor.core.wording import plural
from supervisor.ports import DaemonUnreachableError

_SHORTEST_ID = 4
_GONE_S = 60.0
_LOOK_EVERY_S = 0.5
_MOST = 40

Document = dict[str, Any]


def run(args: Args) -> int:
    """List the containers, ask, end them, and tell what became of them."""
    if not args.words and not args.on("dead"):
        raise CommandError("kill which container? overnight kill-container NAME… | --dead")
    entry = _entry(args)
    if entry is None:
        return asyncio.run(_alone(args))
    rows = _rows(entry)
    found = _chosen(rows, args)
    if args.words and (unknown := _unknown(rows, args.words)):
        raise CommandError(
            f"{entry.batch} shows no container {', '.join(unknown)}; overnight containers lists them"
        )
    own = [row for row in found if row["owned"]]
    foreign = _asked_by_name([row for row in found if not row["owned"]], args)
    for row in (*own, *foreign)[:_MOST]:
        print(_line(row))
    if len(own) + len(foreign) > _MOST:
        print(f"and {len(own) + len(foreign) - _MOST} more")
    if not own and not foreign:
        raise CommandError("there is nothing to end")
    if not args.on("dry-run"):
        _end(entry, own, foreign, args)
    return 0


def _end(entry: Entry, own: list[Document], foreign: list[Document], args: Args) -> None:
    both = [*own, *foreign]
    confirm(f"End and remove {plural(len(both), 'container')}?", args)
    for some, unowned in ((own, False), (foreign, True)):
        if some:
            ids = tuple(row["id"] for row in some)
            order(entry, KillContainers(ids=ids, unowned=unowned), args.text("why"))
    left = _wait(entry, {row["id"] for row in both})
    if left:
        raise CommandError(
            f"{len(left)} of {len(both)} are still there; overnight status tells why"
        )
    print(
        f"ended: {plural(len(both), 'container')}; saved below {entry.directory}/tasks/…/containers"
    )


def _wait(entry: Entry, ids: set[str]) -> set[str]:
    """Return which of them are still shown once all is done, or after a minute."""
    until = time.monotonic() + _GONE_S
    while True:
        left = ids & {row["id"] for row in _rows(entry)}
        if not left or time.monotonic() > until:
            return left
        time.sleep(_LOOK_EVERY_S)


def _entry(args: Args) -> Entry | None:
    """Return the running batch that is meant; None: none runs here, and none was named."""
    try:
        entry = chosen(args, reads=False)
    except CommandError:
        if args.text("batch"):
            raise
        return None
    if not entry.running and args.text("batch"):
        raise CommandError(f"{entry.batch} does not run; overnight sweep removes what it left")
    return entry if entry.running else None


def _rows(entry: Entry) -> list[Document]:
    document = json.loads(fast.get(entry.socket, "/v1/board"))
    return list(document["containers"].values())


def _chosen(rows: Sequence[Document], args: Args) -> list[Document]:
    dead = [row for row in rows if args.on("dead") and row["state"] == "dead_idle" and row["owned"]]
    named = [row for row in rows if any(_means(word, row) for word in args.words)]
    return list({row["id"]: row for row in (*dead, *named)}.values())


def _means(word: str, row: Document) -> bool:
    prefix = len(word) >= _SHORTEST_ID and row["id"].startswith(word)
    return row["name"] == word or prefix or fnmatchcase(row["name"], word)


def _unknown(rows: Sequence[Document], words: Sequence[str]) -> list[str]:
    return [cleaned(word) for word in words if not any(_means(word, row) for row in rows)]


def _asked_by_name(foreign: list[Document], args: Args) -> list[Document]:
    """Return those that the operator named in full and wants all the same; a pattern is no name."""
    if not foreign:
        return []
    names = ", ".join(cleaned(row["name"]) for row in foreign[:5])
    if not args.on("unowned"):
        print(f"left alone, for nothing proves that they are of this batch: {names} (--unowned)")
        return []
    by_pattern = [row["name"] for row in foreign if row["name"] not in args.words]
    if by_pattern:
        raise CommandError(
            f"--unowned wants each whole name, not a pattern: {cleaned(by_pattern[0])}"
        )
    return foreign


def _line(row: Document) -> str:
    whose = row["task"] or "unowned"
    return apart(row["name"], row["state"].replace("_", " "), whose, row["why"])


async def _alone(args: Args) -> int:
    """Without a running batch nothing is proved ours: each container is asked for by its name."""
    from supervisor.docking import machine_containers

    containers = machine_containers()
    try:
        seen = {one.name: one for one in (await containers.look()).containers}
        if args.on("dead"):
            raise CommandError(
                "no batch runs here; which containers? overnight kill-container NAME…"
            )
        missing = [cleaned(word) for word in args.words if word not in seen]
        if missing:
            raise CommandError(
                f"no container is called {', '.join(missing)}; without a running batch each is"
                " named in full"
            )
        for word in args.words:
            print(apart(word, seen[word].status, seen[word].image))
        if args.on("dry-run"):
            return 0
        if not args.on("unowned") and not on_terminal():
            raise CommandError("nothing proves that they are yours; --unowned --yes ends them")
        confirm(f"No batch owns {plural(len(args.words), 'container')}. End and remove?", args)
        keep = Path.home() / ".local/state/overnight/containers" / time.strftime("%Y%m%d-%H%M%S")
        ends = await containers.end([seen[word].id for word in args.words], keep)
    except DaemonUnreachableError as error:
        raise CommandError(str(error)) from error
    finally:
        await containers.close()
    for one in ends:
        print(cleaned(f"{one.name}: {one.how}{f' ({one.trouble})' if one.trouble else ''}"))
    print(f"saved below {keep}")
    return 0 if all(one.ok for one in ends) else 1
