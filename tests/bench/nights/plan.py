"""What a night has in store: 1,000 tasks in 8 groups, four accounts, and all that goes wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from tests.bench.nights.chance import Chance

ZONE = ZoneInfo("America/Los_Angeles")
HOUR = 3600.0
MODELS = tuple(f"model-{letter}" for letter in "abcdefgh")
LARGEST = 32
"""Batch size that the study's command asks for unless it is told another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One task as the world knows it."""

    id: str
    group: str
    account: str | None
    work_s: float
    """How long it works when nothing hinders it."""
    model: str = ""
    fits: int = 0
    """Largest batch size for which there is memory; 0: it uses no GPU."""
    hangs_at: float | None = None
    """Share of its work after which its first attempt goes silent for ever."""
    defect: bool = False
    """What it asks for is refused whoever asks: it can never succeed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Tasks that run side by side."""

    name: str
    account: str | None
    count: int
    parallel: int
    minutes: tuple[float, float]
    """Shortest and longest work."""


GROUPS = (
    Group(name="corebench", account="trapi", count=150, parallel=8, minutes=(8, 30)),
    Group(name="scicode", account="trapi", count=130, parallel=8, minutes=(6, 26)),
    Group(name="swe", account="claude", count=130, parallel=8, minutes=(6, 24)),
    Group(name="research", account="claude", count=110, parallel=8, minutes=(8, 24)),
    Group(name="matrix", account="openai", count=160, parallel=8, minutes=(5, 25)),
    Group(name="gaia", account="openai", count=130, parallel=8, minutes=(6, 30)),
    Group(name="study", account=None, count=130, parallel=4, minutes=(5, 18)),
    Group(name="spare", account="spare", count=60, parallel=4, minutes=(6, 24)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One night."""

    seed: int
    chance: Chance
    begins_at: float
    ends_at: float
    jobs: Mapping[str, Job]
    broken_model: str
    token_lives_s: float
    token_dies_at: float
    cron_lag_s: tuple[float, float]
    """How long after a token died the operator's own cron job renews it."""
    window_opened_at: float
    window_calls: int
    """Calls in five hours."""
    week_calls: int
    """Calls left in the week, and when the week ends."""
    week_ends_at: float
    outages: tuple[tuple[float, float], ...]
    """When the second account's servers answer nothing but 503."""
    squeezes: tuple[tuple[float, float, int], ...]
    """When others use up its tokens per minute, and for how many there is room meanwhile."""
    room: int
    """So many may use it side by side otherwise."""
    empty_at: float
    """When the last account has no money left."""

    @property
    def finishable(self) -> frozenset[str]:
        """The tasks that a night can finish: nothing is wrong with them, and they are paid for."""
        return frozenset(
            job.id
            for job in self.jobs.values()
            if not job.defect and job.model != self.broken_model and job.account != "spare"
        )


def plan(seed: int) -> Plan:
    """Return the night of ``seed``."""
    chance = Chance(seed)
    evening = datetime(2026, 2, 16, 21, tzinfo=ZONE) + timedelta(
        days=seed, minutes=int(chance.between(0, 60, "evening"))
    )
    begins_at = evening.timestamp()
    ends_at = begins_at + chance.between(10, 12, "hours") * HOUR
    week_ends_at = _full_hour(begins_at + chance.between(6.6, 7.6, "week") * HOUR)
    return Plan(
        seed=seed,
        chance=chance,
        begins_at=begins_at,
        ends_at=ends_at,
        jobs={job.id: job for group in GROUPS for job in _jobs(chance, group)},
        broken_model=chance.one_of(MODELS, "broken"),
        token_lives_s=chance.between(60, 75, "token") * 60,
        token_dies_at=begins_at + chance.between(15, 60, "first token") * 60,
        cron_lag_s=(15 * 60.0, 40 * 60.0),
        window_opened_at=begins_at - chance.between(0, 90, "window") * 60,
        window_calls=int(chance.between(2.2, 3.0, "window calls") * 16 * 120),
        week_calls=int(chance.between(3.2, 3.6, "week calls") * 16 * 120),
        week_ends_at=week_ends_at,
        outages=tuple(_outages(chance, begins_at)),
        squeezes=tuple(_squeezes(chance, begins_at)),
        room=14,
        empty_at=begins_at + chance.between(40, 120, "empty") * 60,
    )


def _jobs(chance: Chance, group: Group) -> list[Job]:
    return [_job(chance, group, number) for number in range(group.count)]


def _job(chance: Chance, group: Group, number: int) -> Job:
    model = MODELS[number % len(MODELS)] if group.name == "matrix" else ""
    name = f"{model}-{number // len(MODELS):03}" if model else f"{number:03}"
    id_ = f"{group.name}/{name}"
    hangs = group.name == "corebench" and chance.share("hangs", id_) < 0.04
    small = group.name == "study" and chance.share("small", id_) < 0.4
    fits = LARGEST if group.name == "study" else 0
    return Job(
        id=id_,
        group=group.name,
        account=group.account,
        work_s=60 * chance.between(*group.minutes, "work", id_),
        model=model,
        fits=chance.one_of((16, 16, 8, 4, 1), "fits", id_) if small else fits,
        hangs_at=chance.between(0.1, 0.9, "hangs at", id_) if hangs else None,
        defect=group.name == "gaia" and number in {17, 71},
    )


def _outages(chance: Chance, begins_at: float) -> list[tuple[float, float]]:
    found = []
    at = begins_at
    for number in range(5):
        at += chance.between(40, 110, "outage", number) * 60
        found.append((at, at + chance.between(2, 16, "outage lasts", number) * 60))
        at = found[-1][1]
    return found


def _squeezes(chance: Chance, begins_at: float) -> list[tuple[float, float, int]]:
    found = []
    at = begins_at
    for number in range(3):
        at += chance.between(70, 130, "squeeze", number) * 60
        lasts_s = chance.between(10, 30, "squeeze lasts", number) * 60
        found.append((at, at + lasts_s, 5))
        at += lasts_s
    return found


def _full_hour(at: float) -> float:
    return float(-(-int(at) // 3600) * 3600)


Stream = Literal["stdout", "stderr"]
