"""The parts of a batch, open to change for the length of a step."""

from supervisor.core.state import Batch


class Opened:
    """The parts of a batch, open to change. Whoever changes one sees to the others."""

    __slots__ = (
        "changed",
        "counts",
        "deadlines",
        "dependents",
        "desk",
        "group_specs",
        "groups",
        "head",
        "held",
        "limit_specs",
        "limits",
        "live",
        "live_by_limit",
        "open",
        "open_in",
        "ready",
        "settled",
        "slots",
        "specs",
        "spent",
        "tasks",
        "turn",
        "turn_of",
        "turns",
        "unmet",
        "used",
        "used_all",
        "watched",
    )

    def __init__(self, batch: Batch) -> None:
        self.load(batch)
        self.changed = False

    def load(self, batch: Batch) -> None:
        """Go on from ``batch``, whatever this draft was before."""
        self.changed = True
        self.desk = batch.desk
        self.head = batch.head
        self.specs = batch.specs
        self.tasks = batch.tasks
        self.group_specs = batch.group_specs
        self.groups = batch.groups
        self.limit_specs = batch.limit_specs
        self.limits = batch.limits
        self.ready = batch.ready
        self.deadlines = batch.deadlines
        self.counts = batch.counts
        self.live = batch.live
        self.live_by_limit = batch.live_by_limit
        self.slots = batch.slots
        self.used = batch.used
        self.used_all = batch.used_all
        self.unmet = batch.unmet
        self.dependents = batch.dependents
        self.watched = batch.watched
        self.held = batch.held
        self.spent = batch.spent
        self.open: int = batch.open
        self.open_in = batch.open_in
        self.turns = batch.turns
        self.turn_of = batch.turn_of
        self.turn = batch.turn
        self.settled = batch.settled

    def batch(self) -> Batch:
        """Return the batch as it is now."""
        return Batch(
            desk=self.desk,
            head=self.head,
            specs=self.specs,
            tasks=self.tasks,
            group_specs=self.group_specs,
            groups=self.groups,
            limit_specs=self.limit_specs,
            limits=self.limits,
            ready=self.ready,
            deadlines=self.deadlines,
            counts=self.counts,
            live=self.live,
            live_by_limit=self.live_by_limit,
            slots=self.slots,
            used=self.used,
            used_all=self.used_all,
            unmet=self.unmet,
            dependents=self.dependents,
            watched=self.watched,
            held=self.held,
            spent=self.spent,
            open=self.open,
            open_in=self.open_in,
            turns=self.turns,
            turn_of=self.turn_of,
            turn=self.turn,
            settled=self.settled,
        )
