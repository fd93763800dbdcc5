"""One night: a policy launches and stops, the world answers, the ledger counts."""

from collections.abc import Callable
from typing import Protocol

from tests.bench.nights.clockwork import Clockwork
from tests.bench.nights.ledger import Ledger, Row
from tests.bench.nights.plan import LARGEST, Job, Plan, Stream
from tests.bench.nights.world import Run, World


class Policy(Protocol):
    """Who decides what is launched when."""

    name: str
    given_up: set[str]
    """Tasks that will not be run again."""

    def begin(self) -> None:
        """The night begins."""
        ...

    def wrote(self, run: Run, stream: Stream, text: str) -> None:
        """An attempt wrote whole lines."""
        ...

    def ended(self, run: Run, code: int) -> None:
        """An attempt is over."""
        ...

    def silent(self, run: Run) -> None:
        """An attempt does nothing at all any more."""
        ...


class Night:
    """What a policy may do, and what is told to it."""

    def __init__(self, plan: Plan, policy: Callable[["Night"], Policy]) -> None:
        self.plan = plan
        self.clock = Clockwork(plan.begins_at)
        self.ledger = Ledger(plan)
        self.world = World(plan, self.clock, self)
        self.policy = policy(self)

    def spent(self) -> Row:
        """Let the night pass and return what came of it."""
        self.clock.at(self.plan.begins_at, self.policy.begin)
        self.clock.run(self.plan.ends_at)
        rooms = self.world.accounts
        return self.ledger.row(
            self.policy.name, self.policy.given_up, lambda name, at: rooms[name].room(at)
        )

    def launch(self, job: Job, batch_size: int = LARGEST) -> Run:
        """Begin an attempt of ``job``."""
        doom = self.world.doom(job, batch_size)
        run = self.world.launch(job, batch_size)
        self.ledger.launched(run, doom)
        return run

    def wrote(self, run: Run, stream: Stream, text: str) -> None:
        """Pass on what a run wrote."""
        self.policy.wrote(run, stream, text)

    def refused(self, run: Run, cause: str) -> None:
        """Note that an incident made itself felt."""
        self.ledger.met(cause, self.clock.now)
        if cause.startswith("hang/"):
            self.policy.silent(run)

    def ended(self, run: Run, code: int) -> None:
        """Pass on that a run is over."""
        self.ledger.ended(run, code, self.clock.now)
        self.policy.ended(run, code)

    def freed(self, account: str) -> None:
        """Note that an account answers again."""
        self.ledger.freed(account, self.clock.now)
