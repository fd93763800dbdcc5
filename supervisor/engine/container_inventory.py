"""Keeps which containers are shown, whose each is, and what was measured of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from supervisor.core.container_rows import row
from supervisor.core.container_rules import USUAL, matches
from supervisor.core.containers import (
    BATCH_LABEL,
    Container,
    ContainerRow,
    ContainerUsage,
    Sentinels,
    Signals,
)
from supervisor.core.idleness import Track, judged, measured
from supervisor.core.ownership import Evidence, Maker, Owner, owner, strange
from supervisor.core.state import Batch
from supervisor.engine.lives import Lives
from supervisor.ports import Known, Seen, Witness

_SIGNS_S = 15.0
"""How old signs of life may grow; those of busy containers are not needed at all."""


@dataclass(slots=True)
class _Watched:
    """One container that is shown."""

    container: Container
    owner: Owner
    sentinels: Sentinels
    dead_after_s: float | None
    over: bool
    track: Track
    signs_at: float = 0.0


class Inventory:
    """The containers of one batch, from one look at the machine to the next."""

    def __init__(
        self,
        *,
        lives: Lives,
        batch: Callable[[], Batch],
        witness: Callable[[], Witness] | None = None,
    ) -> None:
        self._lives = lives
        self._batch = batch
        self._make_witness = witness
        self._watched: dict[str, _Watched] = {}
        self._items: dict[str, tuple[str, ...]] = {}
        self._strangers = False

    @cached_property
    def witness(self) -> Witness | None:
        """What sees who makes containers, made when first asked for; None: nobody does."""
        return self._make_witness() if self._make_witness is not None else None

    @property
    def ids(self) -> Sequence[str]:
        """The containers that are shown."""
        return tuple(self._watched)

    def container(self, id_: str) -> Container | None:
        """Return what the container engine said of one that is shown."""
        one = self._watched.get(id_)
        return one.container if one is not None else None

    def error_files(self, id_: str) -> tuple[str, ...]:
        """Return the files inside of a container that say that its work has failed."""
        one = self._watched.get(id_)
        return one.sentinels.error_files if one is not None else ()

    def take_in(self, seen: Seen, now: float) -> None:
        """Judge whose each container is; what was measured of those that are still there stays."""
        evidence = self._evidence(seen)
        proofs = dict[str, Maker]()
        living = {(life.task, life.attempt) for life in evidence.lives if life.ended_at is None}
        over = {(life.task, life.attempt) for life in evidence.lives} - living
        watched: dict[str, _Watched] = {}
        for container in seen.containers:
            whose = owner(container, evidence)
            if whose.group is None and not whose.owned:
                continue
            if whose.owned and whose.task is not None and BATCH_LABEL not in container.labels:
                proofs[container.id] = Maker(
                    task=whose.task, attempt=whose.attempt or 0, how=whose.proof
                )
            before = self._watched.get(container.id)
            rules = next((r for _, r in evidence.patterns if matches(r, container)), None)
            watched[container.id] = _Watched(
                container=container,
                owner=whose,
                sentinels=rules.sentinels if rules is not None else USUAL,
                dead_after_s=rules.dead_after_s if rules is not None else None,
                over=whose.owned and (whose.task, whose.attempt) in over,
                track=_track(before, container, now),
                signs_at=before.signs_at if before is not None else 0.0,
            )
        self._watched = watched
        self._items = {id_: items for id_, items in self._items.items() if id_ in watched}
        if self.witness is not None and proofs:
            self.witness.keep(proofs)

    def measure(self, usage: Mapping[str, ContainerUsage]) -> None:
        """Take in what containers have used."""
        for id_, used in usage.items():
            one = self._watched.get(id_)
            if one is not None:
                one.track = measured(one.track, used)

    def due(self, now: float) -> Mapping[str, Sentinels]:
        """Return whose signs of life are wanted: who does not show by its CPU that it lives."""
        return {
            id_: one.sentinels
            for id_, one in self._watched.items()
            if one.container.running
            and now - one.signs_at >= _SIGNS_S
            and (one.track.state != "busy" or one.track.signals is None)
        }

    def sign(self, asked: Mapping[str, Sentinels], seen: Mapping[str, Signals], now: float) -> None:
        """Take in what signs of life were ``seen``; of the others that were asked for, none are."""
        for id_ in asked:
            one, signals = self._watched.get(id_), seen.get(id_)
            if one is None:
                continue
            one.signs_at = now
            if signals is not None:
                one.track = replace(one.track, signals=signals)
                if signals.items:
                    self._items[id_] = signals.items

    def judge(self, now: float, cores: int | None) -> Mapping[str, ContainerRow]:
        """Return what each container does, by id. ``cores``: what the machine has."""
        return {id_: _row(one, now, cores) for id_, one in self._watched.items()}

    def _evidence(self, seen: Seen) -> Evidence:
        oldest = min((one.created_at for one in seen.containers), default=seen.at)
        known = self.witness.known() if self.witness is not None else Known()
        evidence = Evidence(
            uuid=self._batch().desk.uuid,
            patterns=self._lives.patterns(),
            lives=tuple(self._lives.lives(oldest)),
            makers=known.makers,
            projects=known.projects,
            claimed=known.claimed,
            items=self._items,
        )
        # Once seen, always suspected: whoever made one like ours makes another.
        self._strangers |= any(strange(one, evidence) for one in seen.containers)
        return replace(evidence, strangers=self._strangers)


def _track(before: _Watched | None, container: Container, now: float) -> Track:
    """Return what was measured so far; nothing of one that is new or was started anew."""
    if before is None or before.container.pid != container.pid:
        return Track(first_at=now, created_at=container.created_at)
    return before.track


def _row(one: _Watched, now: float, cores: int | None) -> ContainerRow:
    one.track, verdict = judged(
        one.track, one.container, now, over=one.over, dead_after_s=one.dead_after_s
    )
    return row(one.container, one.track, verdict, one.owner, cores)
