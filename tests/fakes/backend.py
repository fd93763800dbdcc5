"""A backend in memory: its attempts run no process, and do what their command or a test says.

Commands of the fake (``Try.argv``): ``("exit", "3")`` ends at once, ``("soon", "3")`` in a moment,
``("print", "out", "err")`` writes both logs and ends, ``("stubborn",)`` ignores TERM; all others run until they are stopped or
the test calls ``end``.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from supervisor.core.models import ErrorClass, Stream
from supervisor.core.places import attempt_dir
from supervisor.ports import (
    Alive,
    BackendGoneError,
    Gone,
    Ref,
    Report,
    Traits,
    Try,
    Unknown,
    Usage,
)

SOON_S = 0.05


@dataclass
class Run:
    """One attempt as the machine knows it; outlives every engine."""

    attempt: Try | None
    pid: int
    started_at: float
    state: Literal["alive", "frozen", "ended", "buried"] = "alive"
    code: int | None = None
    ended_at: float = 0.0
    oom_killed: bool = False


@dataclass
class World:
    """The machine. Give it to the next FakeBackend to play an engine's death."""

    root: Path | None = None
    """Where logs are written; None: nowhere."""
    now: float = 1_000_000.0
    runs: dict[Ref, Run] = field(default_factory=dict)
    starts: list[Ref] = field(default_factory=list)
    """Every start of a command, in order."""
    stops: list[tuple[Ref, float]] = field(default_factory=list)
    down: str = ""
    """While set, the backend does not answer, and says this."""
    refuse: dict[Ref, tuple[ErrorClass, str]] = field(default_factory=dict)
    """Launches that cannot be."""
    engines: list["FakeBackend"] = field(default_factory=list, repr=False)


class FakeBackend:
    """Implements ``Backend`` without a process; one instance is one engine's view of a World."""

    def __init__(self, world: World | None = None) -> None:
        self.world = world or World()
        self._known: set[Ref] = set()
        self._over: set[Ref] = set()
        self._news: asyncio.Queue[Report] = asyncio.Queue()
        self.world.engines.append(self)

    @property
    def traits(self) -> Traits:
        return Traits(name="fake", freezes=True, survives_engine=True)

    def directory(self, ref: Ref) -> Path:
        return Path(attempt_dir(str(self.world.root or "/nowhere"), ref.task, ref.attempt))

    async def submit(self, tries: Sequence[Try]) -> None:
        self._check_up()
        await asyncio.sleep(0)
        for each in tries:
            if each.ref in self._known:
                continue
            self._known.add(each.ref)
            if each.ref in self.world.runs:
                self._tell(each.ref)
            elif refusal := self._refusal(each):
                self._news.put_nowait(
                    Gone(
                        ref=each.ref,
                        code=None,
                        ended_at=self.world.now,
                        preset=refusal[0],
                        cause=refusal[1],
                    )
                )
                self._over.add(each.ref)
            else:
                self._start(each)

    async def adopt(self, refs: Sequence[Ref]) -> None:
        self._check_up()
        for ref in refs:
            if ref in self._known:
                continue
            self._known.add(ref)
            self.world.runs.setdefault(ref, Run(None, 0, 0.0, state="buried"))
            self._tell(ref)

    async def reports(self) -> AsyncGenerator[Report, None]:
        while True:
            yield await self._news.get()

    async def stop(self, refs: Sequence[Ref], grace_s: float) -> None:
        self._check_up()
        for ref in refs:
            self.world.stops.append((ref, grace_s))
        waiting = [ref for ref in self._running(refs) if self._is_stubborn(ref)]
        for ref in self._running(refs):
            if ref not in waiting:
                self.end(ref, 143)
        if waiting:
            await asyncio.sleep(min(grace_s, SOON_S))
        for ref in self._running(waiting):
            self.end(ref, 137)

    async def freeze(self, refs: Sequence[Ref]) -> None:
        self._check_up()
        for ref in self._running(refs):
            self.world.runs[ref].state = "frozen"

    async def thaw(self, refs: Sequence[Ref]) -> None:
        self._check_up()
        for ref in self._running(refs):
            run = self.world.runs[ref]
            run.state = "alive"
            if run.code is not None:
                self.end(ref, run.code)

    async def usage(self, refs: Sequence[Ref]) -> Mapping[Ref, Usage]:
        self._check_up()
        return {
            ref: Usage(cpu_s=1.0, rss_bytes=1 << 20, processes=1) for ref in self._running(refs)
        }

    def forget(self, refs: Sequence[Ref]) -> None:
        self._known -= self._over & set(refs)

    async def finish(self) -> None:
        pass

    def close(self) -> None:
        if self in self.world.engines:
            self.world.engines.remove(self)

    def end(self, ref: Ref, code: int | None = 0, *, oom_killed: bool = False) -> None:
        """Let the attempt's command end; while it is frozen, when it thaws."""
        run = self.world.runs[ref]
        run.code = code
        run.oom_killed = oom_killed
        if run.state == "alive" or (
            run.state == "frozen" and any(ref == stopped for stopped, _ in self.world.stops)
        ):
            run.state, run.ended_at = "ended", self.world.now
        if run.state == "ended":
            self._tell_all(ref)

    def lose(self, ref: Ref) -> None:
        """Let the attempt vanish without a trace of its end."""
        self.world.runs[ref].state = "buried"
        self._tell_all(ref)

    def doubt(self, ref: Ref, reason: str) -> None:
        """Report that nobody can say how the attempt fares."""
        self._news.put_nowait(Unknown(ref=ref, reason=reason))

    def write(self, ref: Ref, text: str, stream: Stream = "stdout") -> None:
        """Append to a log of the attempt."""
        directory = self.directory(ref)
        directory.mkdir(parents=True, exist_ok=True)
        with (directory / f"{stream}.log").open("a", encoding="utf-8") as log:
            log.write(text)

    def running(self) -> list[Ref]:
        """Return the attempts that live, in the order of their start."""
        return [ref for ref, run in self.world.runs.items() if run.state in ("alive", "frozen")]

    def _check_up(self) -> None:
        if self.world.down:
            raise BackendGoneError(self.world.down)

    def _refusal(self, each: Try) -> tuple[ErrorClass, str] | None:
        if each.ref in self.world.refuse:
            return self.world.refuse[each.ref]
        if self.world.root and not Path(each.cwd).is_dir():
            return ErrorClass.BROKEN, f"cwd {each.cwd}: no directory"
        if self.world.root and each.env_file and not Path(each.env_file).is_file():
            return ErrorClass.BROKEN, f"env_file {each.env_file}: no such file"
        return None

    def _start(self, each: Try) -> None:
        world = self.world
        world.starts.append(each.ref)
        world.runs[each.ref] = Run(each, 1000 + len(world.starts), world.now)
        if world.root:
            self.write(each.ref, "")
            self.write(each.ref, "", "stderr")
        self._tell(each.ref)
        match each.argv:
            case ("exit", code):
                self.end(each.ref, int(code))
            case ("soon", code):
                loop = asyncio.get_running_loop()
                loop.call_later(SOON_S, self._end_if_alive, each.ref, int(code))
            case ("print", out, err):
                self.write(each.ref, out)
                self.write(each.ref, err, "stderr")
                self.end(each.ref, 0)
            case _:
                pass

    def _end_if_alive(self, ref: Ref, code: int) -> None:
        if self.world.runs[ref].state in ("alive", "frozen"):
            self.end(ref, code)

    def _is_stubborn(self, ref: Ref) -> bool:
        attempt = self.world.runs[ref].attempt
        return attempt is not None and attempt.argv[0] == "stubborn"

    def _running(self, refs: Sequence[Ref]) -> list[Ref]:
        alive = set(self.running())
        return [ref for ref in dict.fromkeys(refs) if ref in alive and ref in self._known]

    def _tell_all(self, ref: Ref) -> None:
        for engine in self.world.engines:
            if ref in engine._known:
                engine._tell(ref)

    def _tell(self, ref: Ref) -> None:
        run = self.world.runs[ref]
        if ref in self._over:
            return
        if run.state in ("alive", "frozen"):
            self._news.put_nowait(Alive(ref=ref, pid=run.pid, started_at=run.started_at))
            return
        self._over.add(ref)
        lost = run.state == "buried"
        self._news.put_nowait(
            Gone(
                ref=ref,
                code=None if lost else run.code,
                ended_at=self.world.now if lost else run.ended_at,
                preset=ErrorClass.LOST if lost else None,
                cause="the engine died before the command began" if lost else "",
                oom_killed=run.oom_killed,
            )
        )
