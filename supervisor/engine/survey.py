"""Judges the containers of a whole machine once, with or without a batch."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from supervisor.core.container_rows import row
from supervisor.core.container_rules import USUAL, ContainerRules, matches
from supervisor.core.containers import (
    ATTEMPT_LABEL,
    BATCH_LABEL,
    GROUP_LABEL,
    TASK_LABEL,
    Container,
    ContainerRow,
)
from supervisor.core.idleness import Track, judged, measured
from supervisor.core.names import TaskId
from supervisor.core.ownership import Maker, Owner
from supervisor.ports import Clock, Containers

_SPAN_S = 2.0
"""Between two readings: a sleeper that wakes once a second must not look busy, nor a worker idle."""
_READINGS = 3


async def survey(
    containers: Containers,
    clock: Clock,
    *,
    rules: Sequence[ContainerRules],
    batches: frozenset[str],
    makers: Mapping[str, Maker],
) -> list[ContainerRow]:
    """Return every container of the machine; takes about two seconds.

    ``batches`` are the uuids of this user's batches, ``makers`` what their engines have proof for.

    Raises:
        DaemonUnreachableError: the container engine does not answer.
    """
    seen = await containers.look()
    tracks = {one.id: Track(first_at=seen.at, created_at=one.created_at) for one in seen.containers}
    own = {one.id: _rules_of(one, rules) for one in seen.containers}
    ids = [one.id for one in seen.containers if one.running]
    for reading in range(_READINGS):
        for id_, used in (await containers.usage(ids)).items():
            tracks[id_] = measured(tracks[id_], used)
        if reading + 1 < _READINGS:
            await clock.sleep_until(clock.now() + _SPAN_S / (_READINGS - 1))
    wanted = {id_: own[id_].sentinels for id_ in ids}
    for id_, signals in (await containers.signals(wanted)).items():
        tracks[id_] = replace(tracks[id_], signals=signals)
    rows: list[ContainerRow] = []
    for one in seen.containers:
        track, verdict = judged(
            tracks[one.id],
            one,
            clock.now(),
            over=False,
            dead_after_s=own[one.id].dead_after_s,
        )
        whose = _owner(one, batches, makers)
        rows.append(row(one, track, verdict, whose, seen.daemon.cores))
    return rows


def _rules_of(container: Container, rules: Sequence[ContainerRules]) -> ContainerRules:
    return next((one for one in rules if matches(one, container)), ContainerRules(sentinels=USUAL))


def _owner(container: Container, batches: frozenset[str], makers: Mapping[str, Maker]) -> Owner:
    """Return whose it is, of all batches of this user."""
    labels = container.labels
    if labels.get(BATCH_LABEL) in batches:
        attempt = labels.get(ATTEMPT_LABEL, "")
        task = labels.get(TASK_LABEL)
        return Owner(
            owned=True,
            group=labels.get(GROUP_LABEL),
            task=TaskId(task) if task else None,
            attempt=int(attempt) if attempt.isdecimal() else None,
            proof="its label names a batch of yours",
        )
    maker = makers.get(container.id)
    if maker is None or maker.task is None:
        return Owner(proof="nothing proves that it is of a batch of yours")
    return Owner(
        owned=True,
        group=maker.task.partition("/")[0],
        task=maker.task,
        attempt=maker.attempt,
        proof=maker.how,
    )
