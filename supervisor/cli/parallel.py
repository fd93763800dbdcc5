"""``overnight parallel``: how many run at once, of a batch, a group, or inside of its runners."""

import re
from dataclasses import replace

from supervisor.cli.batches import Entry, running
from supervisor.cli.confirm import on_terminal, said_yes
from supervisor.cli.orders import order
from supervisor.cli.targets import Document, status
from supervisor.cli.text import cleaned
from supervisor.cli.words import Args, CommandError
from supervisor.core import advised
from supervisor.core.board import Advice
from supervisor.core.intents import FollowLimits, SetParallel
from supervisor.core.models import GroupId
from supervisor.core.taking import order as order_of

_USAGE = "how many? overnight parallel [GROUP] N, GROUP KNOB=N, GROUP auto, or --advice"
_NUMBER = re.compile(r"(?:(?P<knob>\w+)=)?(?P<number>[0-9]{1,6})", re.ASCII)


def run(args: Args) -> int:
    """Set a number, let limits set it, or take the advice; restarts only what it was told to.

    Raises:
        CommandError: wrong words, no such group or knob, or no advice.
    """
    args.words += args.after or []
    entry = running(args)
    if args.on("advice"):
        _take(entry, args)
    elif args.words[1:] == ["auto"]:
        order(entry, FollowLimits(group=GroupId(args.words[0])), args.text("why"))
    else:
        _set(entry, args)
    return 0


def _set(entry: Entry, args: Args) -> None:
    intent = _intent(args)
    if intent.group is not None:
        ended = _ended(status(entry), intent)
        if ended and not args.on("dry-run"):
            intent = replace(intent, restart=_agreed(f"{_restart(ended)} of {intent.group}", args))
        if args.on("dry-run"):
            print(
                f"{_restart(ended)} of {intent.group} with --yes" if ended else "restarts nothing"
            )
            return
    order(entry, intent, args.text("why"))


def _intent(args: Args) -> SetParallel:
    *groups, text = args.words or [""]
    found = _NUMBER.fullmatch(text)
    if found is None or len(groups) > 1 or (found["knob"] and not groups):
        raise CommandError(_USAGE)
    group = GroupId(groups[0]) if groups else None
    return SetParallel(group=group, parallel=int(found["number"]), knob=found["knob"])


def _take(entry: Entry, args: Args) -> None:
    if len(args.words) > 1:
        raise CommandError(f"parallel --advice takes one group, not {len(args.words)}")
    document = status(entry)
    records = advised.taken(map(_advice, document["advice"]), args.first())
    if not records:
        raise CommandError("there is no advice now")
    for one in records:
        print(cleaned(f"{advised.numbers(one)}: {one.why}"))
        if args.on("dry-run"):
            continue
        ended = _ended(document, order_of(one, restart=True)) if one.restart else 0
        restart = bool(ended) and _agreed(f"{_restart(ended)} of {one.group}", args)
        intent = order_of(one, restart=restart)
        order(entry, intent, args.text("why") or f"advice: {one.why}")


def _advice(record: Document) -> Advice:
    known = Advice.__dataclass_fields__
    return Advice(**{key: value for key, value in record.items() if key in known})


def _ended(document: Document, intent: SetParallel) -> int:
    """Return how many running attempts learn of the number only by a restart."""
    row = next((one for one in document["groups"] if one["group"] == intent.group), None)
    knob = row.get("knob") if row is not None else None
    if row is None or knob is None or knob["apply"] != "restart":
        return 0
    if intent.knob not in (None, knob["name"]):
        return 0
    same = knob["value"] == intent.parallel
    return int(knob["behind"] if same else row["running"])


def _restart(count: int) -> str:
    return f"Restart {count} running attempt{'s' * (count != 1)}"


def _agreed(words: str, args: Args) -> bool:
    """Return whether attempts may be ended for it; without anybody to ask, only with ``--yes``."""
    if args.on("yes") or not on_terminal():
        return args.on("yes")
    return said_yes(f"{cleaned(words)}? Each goes on with its resume command, if it has one.")
