"""``overnight sweep``: lists what finished attempts left with the container engine, and removes it."""

import asyncio
import json
import os
from pathlib import Path
from typing import Any

from supervisor.cli import fast, offline
from supervisor.cli.batches import Entry, chosen
from supervisor.cli.confirm import confirm
from supervisor.cli.orders import order
from supervisor.cli.text import apart, cleaned
from supervisor.cli.words import Args, CommandError
from supervisor.core.effects import SweepAway
from supervisor.core.sweeping import intent_of
from supervisor.core.wording import plural, size
from supervisor.ports import SupervisorError

_PATIENCE_S = 90.0
"""Docker counts its disk file by file."""
_MOST = 40

Document = dict[str, Any]


def run(args: Args) -> int:
    """List the leftovers of the batch; remove them if that is wanted."""
    entry = chosen(args, reads=False)
    found = _leftovers(entry)
    if args.on("json"):
        print(json.dumps(found, indent=2))
        return 0
    _list(found)
    count = _counted(found)
    if not count:
        print("nothing to sweep")
    elif not args.on("dry-run"):
        confirm(f"Remove {count}?", args)
        _remove(entry, found)
    return 0


def _leftovers(entry: Entry) -> Document:
    if entry.running:
        document: Document = json.loads(fast.get(entry.socket, "/v1/leftovers", _PATIENCE_S))
        return document
    return asyncio.run(_offline(entry, None))


def _remove(entry: Entry, found: Document) -> None:
    if entry.running:
        order(entry, intent_of(found))
        return
    asyncio.run(_offline(entry, found))


async def _offline(entry: Entry, found: Document | None) -> Document:
    """Without an engine: list, or remove what was ``found``."""
    from supervisor.adapters.clock import SystemClock
    from supervisor.docking import machine_containers, witness_of
    from supervisor.engine.resting import resting

    batch = offline.batch_of(entry)
    witness = witness_of(entry.uuid, Path(entry.directory))
    machine = machine_containers()
    try:
        async with resting(batch, machine, SystemClock(), os.environ, witness) as acts:
            if found is None:
                return dict(await acts.leftovers())
            wanted = intent_of(found)
            ends = await acts.carry_out(
                SweepAway(
                    containers=wanted.containers,
                    networks=wanted.networks,
                    volumes=wanted.volumes,
                )
            )
    except SupervisorError as error:
        raise CommandError(str(error)) from error
    bad = [one for one in ends if not one.ok or one.how == "not removed"]
    for one in bad:
        print(cleaned(f"stays: {one.name}: {one.trouble}"))
    print(f"removed all but {len(bad)}" if bad else "removed")
    return found


def _counted(found: Document) -> str:
    counts = (
        (len(found["containers"]), "container"),
        (len(found["networks"]), "network"),
        (len(found["volumes"]), "volume"),
    )
    return ", ".join(plural(count, noun) for count, noun in counts if count)


def _list(found: Document) -> None:
    for one in found["containers"][:_MOST]:
        whose = one["task"] or "no task"
        # What runs, and nobody has measured yet.
        state = "running" if one["state"] == "unknown" else one["state"].replace("_", " ")
        print(apart("container", one["name"], state, whose, f"({one['why']})"))
    if len(found["containers"]) > _MOST:
        print(f"and {len(found['containers']) - _MOST} more; --json lists all")
    for one in found["networks"]:
        print(apart("network", one["name"]))
    for name in found["volumes"]:
        print(apart("volume", name))
    if anonymous := found["anonymous_volumes"]:
        print(f"with {plural(anonymous, 'anonymous volume')} of these containers")
    if kept := found["kept"]:
        names = ", ".join(cleaned(one["name"]) for one in kept[:3])
        more = ", …" if len(kept) > 3 else ""
        print(f"left alone: {names}{more}: {plural(len(kept), 'container')} not proved to be ours")
    if (disk := found["disk"]) is not None:
        _tell_disk(disk)


def _tell_disk(disk: Document) -> None:
    free = disk["free_bytes"]
    print(f"{disk['root']}: {'unknown' if free is None else size(free)} free")
    for one in disk["shares"]:
        used, back = size(one["size_bytes"]), size(one["free_bytes"])
        print(f"  {one['name']:<12} {one['count']:>4}  {used:>9}, {back} could be had back")
