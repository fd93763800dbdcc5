"""Which containers of a batch are leftovers, and how that is told before they are removed."""

from collections.abc import Iterable, Mapping
from typing import Any

from supervisor.core.container_facts import ContainerTarget
from supervisor.core.containers import ContainerRow
from supervisor.core.draft import View
from supervisor.core.intents import Sweep
from supervisor.core.names import TaskId
from supervisor.core.ownership import BY_TIME

Document = Mapping[str, Any]


def left_over(view: View, rows: Iterable[ContainerRow]) -> tuple[ContainerRow, ...]:
    """Return the containers that are proved ours and belong to no attempt that still lives.

    One that is a group's, but no task can be named, is left only once the group has no living attempt.
    """
    attempts = {(id_, view.tasks[id_].attempt) for _, id_ in view.live}
    tasks = {id_ for id_, _ in attempts}
    groups = {str(view.specs[id_].group) for id_ in tasks}

    def lives(row: ContainerRow) -> bool:
        if row.task is None:
            return row.group in groups if row.group is not None else bool(groups)
        if row.attempt is None:
            return row.task in tasks
        return (row.task, row.attempt) in attempts

    return tuple(row for row in rows if row.owned and not lives(row))


def ends_with_attempt(view: View, row: ContainerRow) -> bool:
    """Tell whether what the runner of a stopped attempt left is ended with the attempt.

    It is only where it is certain that nobody else made it, and nobody wants to keep it.
    """
    spec = None if row.task is None else view.specs.get(row.task)
    if spec is None or not row.owned or row.proof == BY_TIME:
        return False
    return not view.group_specs[spec.group].leave_leftovers


def document(
    rows: Iterable[ContainerRow],
    foreign: Iterable[ContainerRow],
    networks: Iterable[tuple[str, str]],
    volumes: Iterable[str],
    anonymous: int,
    disk: Document | None,
) -> dict[str, object]:
    """Return what ``sweep --json`` prints, and what an intent to sweep is made of."""
    return {
        "containers": [
            {
                "id": row.id,
                "name": row.name,
                "image": row.image,
                "task": row.task,
                "attempt": row.attempt,
                "state": row.state,
                "why": row.proof,
            }
            for row in rows
        ],
        "networks": [{"id": id_, "name": name} for id_, name in networks],
        "volumes": list(volumes),
        "anonymous_volumes": anonymous,
        "kept": [{"name": row.name, "why": row.proof} for row in foreign],
        "disk": dict(disk) if disk is not None else None,
    }


def intent_of(found: Document) -> Sweep:
    """Return the intent that removes just what a document of leftovers lists."""
    return Sweep(
        containers=tuple(
            ContainerTarget(
                id=one["id"],
                name=one["name"],
                task=TaskId(one["task"]) if one["task"] else None,
                attempt=one["attempt"],
                owned=True,
            )
            for one in found["containers"]
        ),
        networks=tuple((one["id"], one["name"]) for one in found["networks"]),
        volumes=tuple(found["volumes"]),
    )
