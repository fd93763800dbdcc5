"""What a night came to: the columns of the table, counted by the world and not by who is judged."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from tests.bench.nights.plan import GROUPS, Plan
from tests.bench.nights.world import Run

_LOOKED_AT_S = 1800.0
"""How long after a reset idle slots count."""
_ONE_ATTEMPT = ("cuda/", "memory/", "defect/")
"""What befalls one attempt and ends it on the spot is no incident that could be noticed late."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One night of one policy.

    ``done``: tasks that succeeded by morning, as a share (%) of those that a night can finish.

    ``wasted``: launches begun when the world was already in a state in which they had to fail (a dead
    token, a used-up window, servers that are out for longer than a runner's own retries, an empty
    account, a broken model, a task that is refused whoever asks, a batch size without memory for
    it), and when an earlier attempt had already ended of that very state; as a share (%) of all
    launches. Probes count like any other launch.

    ``idle``: over the half hour after an account that had refused everything answered again (or
    until it is shut again), the minutes for which each of its groups' slots stood idle on average while it had a
    finishable task left that could have used it: the worst reset of a window or a credential, the
    worst end of an outage, which nobody can foretell, and the mean over both.

    ``notice``: minutes from the first time that an incident made itself felt in any attempt until
    whoever runs the batch first acted on it: stopped or held something for it, or was at least told by
    the end of an attempt; mean over the night's incidents that more than one task can meet. What
    is never noticed counts until morning.

    ``silence``: the same for runners that hang, whom no end betrays. Whoever gave a task up before it
    could hang has not met that one.

    ``wrong``: finishable tasks that were given up.
    """

    policy: str
    done: float
    wasted: float
    idle_reset: float
    idle_outage: float
    idle_mean: float
    notice: float
    silence: float | None
    wrong: int
    launches: int


class Ledger:
    """Counts while the night goes on."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self.launches = 0
        self.wasted = 0
        self.wasted_by: dict[str, int] = defaultdict(int)
        self._shown: set[str] = set()
        self._met_at: dict[str, float] = {}
        self._noticed_at: dict[str, float] = {}
        self.done: set[str] = set()
        self._left = Counter(plan.jobs[id_].group for id_ in plan.finishable)
        self._running: Counter[str] = Counter()
        self._busy: dict[str, list[tuple[float, int, int]]] = defaultdict(list)
        """By account: since when so many run, and so many could."""
        self.resets: list[tuple[str, float]] = []

    def launched(self, run: Run, doom: str | None) -> None:
        """An attempt begins although ``doom``, if anything, is in its way."""
        self.launches += 1
        if doom is not None and doom in self._shown:
            self.wasted += 1
            self.wasted_by[doom] += 1
        self._running[run.job.group] += 1
        self._note(run.job.account, run.began_at)

    def met(self, cause: str, now: float) -> None:
        """An incident makes itself felt."""
        if not cause.startswith(_ONE_ATTEMPT) and not cause.endswith("per minute"):
            self._met_at.setdefault(cause, now)

    def noticed(self, about: str, now: float) -> None:
        """Whoever runs the batch acts on what he sees of ``about``: an account, or one cause."""
        for cause in self._met_at:
            if cause == about or cause.startswith(f"{about}/"):
                self._noticed_at.setdefault(cause, now)

    def ended(self, run: Run, code: int, now: float) -> None:
        """An attempt is over."""
        job = run.job
        self._running[job.group] -= 1
        if code == 0 and job.id not in self.done:
            self.done.add(job.id)
            self._left[job.group] -= job.id in self._plan.finishable
        self._note(job.account, now)
        if code != 0 and run.cause is not None:
            self._shown.add(run.cause)
            self._noticed_at.setdefault(run.cause, now)

    def freed(self, account: str, now: float) -> None:
        """An account that refused everything answers again."""
        self.resets.append((account, now))

    def row(self, policy: str, given_up: set[str], room: Callable[[str, float], int]) -> Row:
        """Return the night's figures."""
        finishable = self._plan.finishable
        idle = [(name, self._idle_min(name, at, room)) for name, at in self.resets]
        return Row(
            policy=policy,
            done=100 * len(self.done & finishable) / len(finishable),
            wasted=100 * self.wasted / self.launches,
            idle_reset=max((spent for name, spent in idle if name != "openai"), default=0.0),
            idle_outage=max((spent for name, spent in idle if name == "openai"), default=0.0),
            idle_mean=sum(spent for _, spent in idle) / max(1, len(idle)),
            notice=self._notice_min(hangs=False) or 0.0,
            silence=self._notice_min(hangs=True),
            wrong=len((given_up & finishable) - self.done),
            launches=self.launches,
        )

    def _notice_min(self, *, hangs: bool) -> float | None:
        spans_s = [
            self._noticed_at.get(cause, self._plan.ends_at) - at
            for cause, at in self._met_at.items()
            if cause.startswith("hang/") == hangs
        ]
        return sum(spans_s) / len(spans_s) / 60 if spans_s else None

    def _note(self, account: str | None, now: float) -> None:
        if account is None:
            return
        groups = [group for group in GROUPS if group.account == account]
        running = sum(self._running[group.name] for group in groups)
        could = sum(min(group.parallel, self._left[group.name]) for group in groups)
        self._busy[account].append((now, running, could))

    def _idle_min(self, name: str, at: float, room: Callable[[str, float], int]) -> float:
        """Return the idle minutes of each slot on average."""
        slots = sum(group.parallel for group in GROUPS if group.account == name)
        shut_again = [when for when in self._shut_at(name) if when > at]
        until = min([at + _LOOKED_AT_S, self._plan.ends_at, *shut_again])
        idle_s, running, could, since = 0.0, 0, 0, at
        for when, runs_then, could_then in [*self._busy[name], (until, 0, 0)]:
            upto = min(max(when, at), until)
            idle_s += (upto - since) * max(0, min(could, room(name, since)) - running)
            running, could, since = runs_then, could_then, upto
        return idle_s / slots / 60

    def _shut_at(self, name: str) -> list[float]:
        return [at for cause, at in self._met_at.items() if cause.startswith(f"{name}/")]
