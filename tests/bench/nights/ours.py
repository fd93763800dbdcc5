"""The real core and the real detector on a modelled night."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from supervisor.adapters.scanner.hyper import HyperScanner
from supervisor.adapters.zones import zone_lookup
from supervisor.config.load import load
from supervisor.config.packs import load_built
from supervisor.core.effects import (
    Effect,
    Record,
    RunPreflight,
    RunRefresh,
    StartAttempt,
    StopAttempt,
)
from supervisor.core.events import (
    ActivityChanged,
    Detected,
    Ended,
    Event,
    PreflightEnded,
    RefreshEnded,
    Started,
    Tick,
)
from supervisor.core.judging import Judge, StreamJudge
from supervisor.core.ladder import settings
from supervisor.core.models import BatchSpec, Detection, End, LimitId, TaskId
from supervisor.core.phase import Aborted, Cancelled, Failed
from supervisor.core.redact import redact
from supervisor.core.state import fresh
from supervisor.core.step import next_wakeup, step
from supervisor.core.storms import Watch
from supervisor.engine.stream import FollowedStream
from supervisor.ports import Chunk, Ref, Scanner
from tests.bench.nights.night import Night
from tests.bench.nights.plan import GROUPS, LARGEST, Group, Plan, Stream
from tests.bench.nights.world import Run

_RULES = Path(__file__).parents[3] / "configs" / "rules.json"
_SPAWN_S = 0.05
_REFRESH_S = 15.0
_PING_S = 4.0
_LOOK_S = 30.0
"""Until the engine's next look sees that an attempt has gone silent."""
_STREAMS: tuple[Stream, Stream] = ("stdout", "stderr")


class Detector:
    """The rules that ship, and the scanner; made once."""

    def __init__(self, cache: Path) -> None:
        self.rules = load_built(_RULES)
        self.scanner: Scanner = HyperScanner(self.rules, cache=cache)
        self.zone = zone_lookup("America/Los_Angeles")
        self.judge = Judge(self.rules, self.scanner.scan, self.zone)

    def stream(self, name: Stream) -> FollowedStream:
        """Return what follows one stream of one attempt."""
        return FollowedStream(StreamJudge(name, self.rules, self.scanner.scan, self.zone))


@dataclass(slots=True, kw_only=True)
class _Attempt:
    run: Run
    ref: Ref
    streams: dict[Stream, FollowedStream]
    watch: Watch = field(default_factory=Watch)

    def progress(self) -> object:
        return tuple(stream.judge.progress() for stream in self.streams.values())


class Ours:
    """Plays engine for the core: carries out its effects and tells it what comes of them."""

    name = "overnight"

    def __init__(self, night: Night, spec: BatchSpec, detector: Detector) -> None:
        self._night, self._detector = night, detector
        self.batch = fresh(spec, f"{night.plan.seed:032}", night.clock.now)
        self._attempts: dict[str, _Attempt] = {}
        self._wakes_at: float | None = None
        self.records: list[tuple[float, Record]] = []

    @property
    def given_up(self) -> set[str]:
        """Tasks that will not be run again."""
        return {
            id_
            for id_, task in self.batch.tasks.items()
            if isinstance(task.phase, Failed | Aborted | Cancelled)
        }

    def begin(self) -> None:
        self._happens(Tick())

    def wrote(self, run: Run, stream: Stream, text: str) -> None:
        attempt = self._attempts[run.job.id]
        followed, now = attempt.streams[stream], self._night.clock.now
        chunk = Chunk(ref=attempt.ref, stream=stream, offset=followed.next, data=text.encode())
        for found in followed.take(chunk, 0, now):
            told = attempt.watch.news(found, attempt.progress)
            if told is not None:
                ref = attempt.ref
                self._happens(Detected(task=ref.task, attempt=ref.attempt, detection=told))

    def silent(self, run: Run) -> None:
        attempt, since = self._attempts[run.job.id], self._night.clock.now
        ref = attempt.ref
        quiet = ActivityChanged(task=ref.task, attempt=ref.attempt, quiet_since=since)
        self._night.clock.after(_LOOK_S, lambda: self._happens(quiet))

    def ended(self, run: Run, code: int) -> None:
        attempt = self._attempts.pop(run.job.id)
        ref, now = attempt.ref, self._night.clock.now
        end = End(
            code=code,
            ended_at=now,
            detections=_detections(attempt, now),
            last_line=_last_line(attempt),
        )
        self._happens(Ended(task=ref.task, attempt=ref.attempt, end=end))

    def _happens(self, event: Event) -> None:
        self.batch, effects = step(self.batch, event, self._night.clock.now)
        for effect in effects:
            self._carry_out(effect)
        self._wake()

    def _carry_out(self, effect: Effect) -> None:
        match effect:
            case StartAttempt():
                self._start(effect)
            case StopAttempt(task=id_):
                run = self._attempts[id_].run
                self._night.world.stop(run)
                if run.cause is not None:
                    self._night.ledger.noticed(run.cause, self._night.clock.now)
            case RunRefresh(limit=name):
                self._night.clock.after(_REFRESH_S, lambda: self._refreshed(name))
            case RunPreflight(limit=name):
                self._night.clock.after(_PING_S, lambda: self._pinged(name))
            case Record():
                self._recorded(effect)
            case _:
                pass

    def _start(self, effect: StartAttempt) -> None:
        run = self._night.launch(self._night.plan.jobs[effect.task], self._batch_size(effect.task))
        ref = Ref(effect.task, effect.attempt)
        streams = {name: self._detector.stream(name) for name in _STREAMS}
        self._attempts[effect.task] = _Attempt(run=run, ref=ref, streams=streams)
        now = self._night.clock.now
        alive = Started(task=effect.task, attempt=effect.attempt, started_at=now, pid=1)
        self._night.clock.after(_SPAWN_S, lambda: self._happens(alive))

    def _batch_size(self, id_: TaskId) -> int:
        knobs, _ = settings(self.batch, id_)
        return int(knobs.get("batch_size", LARGEST))

    def _refreshed(self, name: LimitId) -> None:
        self._night.world.accounts[name].renew()
        self._happens(RefreshEnded(limit=name, cause=""))

    def _pinged(self, name: LimitId) -> None:
        """The preflight is over; what it wrote is judged as the engine does."""
        now = self._night.clock.now
        said = self._night.world.accounts[name].ping()
        if not said:
            self._happens(PreflightEnded(limit=name, cause=""))
            return
        verdict = self._detector.judge.judge([f"{said}\n".encode()], now, live=False).verdict
        failed = PreflightEnded(
            limit=name,
            cause=verdict.cause,
            error_class=verdict.error_class,
            retry_at=verdict.retry_at,
        )
        self._happens(failed)

    def _recorded(self, record: Record) -> None:
        self.records.append((self._night.clock.now, record))
        if record.kind == "hold":
            self._night.ledger.noticed(record.subject, self._night.clock.now)

    def _wake(self) -> None:
        at = next_wakeup(self.batch)
        if at is not None and (self._wakes_at is None or at < self._wakes_at):
            self._wakes_at = at
            self._night.clock.at(at, lambda: self._woken(at))

    def _woken(self, at: float) -> None:
        if self._wakes_at != at:
            return
        self._wakes_at = None
        self._happens(Tick())


def _detections(attempt: _Attempt, now: float) -> tuple[Detection, ...]:
    found: list[Detection] = []
    for stream in attempt.streams.values():
        stream.flush(now)
        found.extend(stream.judge.detections())
    return tuple(found)


def _last_line(attempt: _Attempt) -> str:
    said = [attempt.streams[name].judge.last for name in ("stderr", "stdout")]
    return redact(next((one for one in said if one), b"").decode("utf-8", "replace").strip())[:500]


_BATCH = """\
batch: night
timezone: America/Los_Angeles
limits:
  trapi: {refresh: {run: "renew the token"}, preflight: {run: ping}}
  claude: {preflight: {run: ping}}
  openai: {preflight: {run: ping}}
  spare: {preflight: {run: ping}}
groups:
"""
_OPTIONS = {
    "study": "degrade: {after: [cuda_oom, cuda_error], knob: batch_size, start: 32, factor: 0.5, min: 1}",
    "corebench": "stall: {quiet: 15m, action: restart}",
    "matrix": "breaker: {consecutive: 5, per: [model], then: abort}",
}


def specification(plan: Plan, place: Path) -> BatchSpec:
    """Return the night's batch file as the real loader reads it."""
    text = [_BATCH]
    for group in GROUPS:
        text.append(f"  {group.name}:\n    parallel: {_parallel(group)}\n")
        if group.account is not None:
            text.append(f"    limit: {group.account}\n")
        if group.name in _OPTIONS:
            text.append(f"    {_OPTIONS[group.name]}\n")
        text.append("    tasks:\n")
        ids = [job.id.partition("/")[2] for job in plan.jobs.values() if job.group == group.name]
        if group.name == "matrix":
            models = sorted({id_.rpartition("-")[0] for id_ in ids})
            items = sorted({id_.rpartition("-")[2] for id_ in ids})
            text.append(
                '      - id: "{model}-{item}"\n        run: [eval, "{model}", "{item}"]\n'
                f"        for: {{item: {_listed(items)}, model: {_listed(models)}}}\n"
            )
        else:
            text.append(
                '      - id: "{item}"\n        run: [eval, "{item}"]\n'
                f"        for: {{item: {_listed(ids)}}}\n"
            )
    path = place / "night.yaml"
    path.write_text("".join(text))
    return load(path, env={}, now=plan.begins_at)


def _parallel(group: Group) -> str:
    """What shares the tokens of a minute with others follows their limits, as the baselines cannot."""
    return f"1..{group.parallel}" if group.account == "openai" else str(group.parallel)


def _listed(texts: list[str]) -> str:
    return "[" + ", ".join(f'"{text}"' for text in texts) + "]"


def ours(plan: Plan, place: Path, detector: Detector) -> Callable[[Night], Ours]:
    """Return what makes the policy of a night."""
    spec = specification(plan, place)
    return lambda night: Ours(night, spec, detector)
