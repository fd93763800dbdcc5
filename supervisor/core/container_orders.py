"""What an operator wants of containers that runners made: ended with their data saved, swept away."""

from collections.abc import Iterable, Sequence
from typing import assert_never

from supervisor.core import lifecycle
from supervisor.core.container_facts import ContainerEnd, ContainerTarget
from supervisor.core.draft import Draft
from supervisor.core.effects import EndContainers, SweepAway
from supervisor.core.intents import KillContainers, Sweep
from supervisor.core.models import ErrorClass
from supervisor.core.wording import listed, plural

_CONTAINERS = "containers"


def wanted(draft: Draft, intent: KillContainers | Sweep, who: str) -> None:
    """Take in what ``who`` wants of containers, and reply."""
    match intent:
        case KillContainers():
            _kill(draft, intent, who)
        case Sweep():
            _sweep(draft, intent, who)
        case _:
            assert_never(intent)


def _kill(draft: Draft, intent: KillContainers, who: str) -> None:
    """End containers; what their tasks make of it, the tasks' own ends tell."""
    targets = intent.targets
    foreign = [one.name for one in targets if not one.owned]
    if foreign and not intent.unowned:
        draft.reply(
            f"nothing proves that {listed(foreign)} is of this batch; name it and say --unowned",
            refused=True,
        )
    elif not targets:
        draft.reply("there is no such container", refused=True)
    else:
        made = tuple(one for one in targets if not _is_attempt(draft, one))
        _stop_attempts(draft, [one for one in targets if one not in made], who)
        _end(draft, made, who)


def _is_attempt(draft: Draft, target: ContainerTarget) -> bool:
    """Tell whether a container is itself the attempt of a task: its backend ends it, logs and all."""
    spec = None if target.task is None else draft.specs.get(target.task)
    return spec is not None and spec.container is not None


def _stop_attempts(draft: Draft, targets: Sequence[ContainerTarget], who: str) -> None:
    living = {id_ for _, id_ in draft.live}
    ids = [one.task for one in targets if one.task is not None and one.task in living]
    for id_ in ids:
        lifecycle.stop(draft, draft.tasks[id_], ErrorClass.OPERATOR, f"killed by {who}", "again")
    if ids:
        draft.reply(f"stopping {listed(ids)}, each in a container; they run again at no cost")
    elif targets:
        draft.reply(f"{_names(targets)}: over already; overnight sweep removes what is left")


def _end(draft: Draft, targets: tuple[ContainerTarget, ...], who: str) -> None:
    if not targets:
        return
    for task, names in _by_task(targets):
        draft.record(_CONTAINERS, task, f"ended by {who}: {listed(names)}")
    draft.effects.append(EndContainers(targets=targets))
    count = plural(len(targets), "container")
    draft.reply(
        f"ending {count} ({_names(targets)}); errors, output and inspection are saved first"
    )


def _sweep(draft: Draft, intent: Sweep, who: str) -> None:
    """Remove what attempts left; those of living ones are not taken, whatever was listed."""
    living = {(id_, draft.tasks[id_].attempt) for _, id_ in draft.live}
    away = tuple(one for one in intent.containers if (one.task, one.attempt) not in living)
    told = _counted(len(away), len(intent.networks), len(intent.volumes))
    if not told:
        draft.reply("there is nothing to sweep")
        return
    draft.record(_CONTAINERS, "", f"swept by {who}: {told}")
    draft.effects.append(
        SweepAway(containers=away, networks=intent.networks, volumes=intent.volumes)
    )
    kept = len(intent.containers) - len(away)
    more = f"; {plural(kept, 'container')} of running attempts stay" if kept else ""
    draft.reply(f"removing {told}{more}")


def ended(draft: Draft, ends: Iterable[ContainerEnd]) -> None:
    """Write down what became of containers, where ``why`` of their tasks shows it."""
    for one in ends:
        saved = f"; saved: {listed(one.kept)}" if one.kept else ""
        trouble = f" ({one.trouble})" if one.trouble else ""
        task = one.task if one.task in draft.tasks else ""
        draft.record(_CONTAINERS, task or "", f"{one.name}: {one.how}{trouble}{saved}")


def _by_task(targets: Iterable[ContainerTarget]) -> list[tuple[str, list[str]]]:
    found: dict[str | None, list[str]] = {}
    for one in targets:
        found.setdefault(one.task, []).append(one.name)
    return [(task or "", names) for task, names in found.items()]


def _names(targets: Iterable[ContainerTarget]) -> str:
    return listed((one.name for one in targets), 3)


def _counted(containers: int, networks: int, volumes: int) -> str:
    counts = ((containers, "container"), (networks, "network"), (volumes, "volume"))
    return ", ".join(plural(count, noun) for count, noun in counts if count)
