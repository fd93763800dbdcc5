"""Runs the commands of limits, and keeps in memory what they give to later attempts."""

import logging
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from supervisor.core.diagnosis import diagnose
from supervisor.core.effects import RunPreflight, RunRefresh
from supervisor.core.events import Event, PreflightEnded, RefreshEnded
from supervisor.core.judging import StreamJudge
from supervisor.core.logins import steps
from supervisor.core.models import NOTHING, CommandSpec, End, ErrorClass, LimitId, Verdict
from supervisor.core.rules import RuleBook
from supervisor.core.state import Batch
from supervisor.core.zones import ZoneLookup
from supervisor.engine.detectors import Detector
from supervisor.ports import Clock, Commands, Errand, Ran, Scanner

log = logging.getLogger(__name__)

Submit = Callable[[Event], Awaitable[None]]
Banner = Callable[[str, str | None, str], None]
Judge = Callable[[str, int, float], Verdict]
"""What the output of a command that ended with a code at a time tells."""
Kind = Literal["refresh", "preflight"]

_ASKS = re.compile(
    r"https?://|\bcode\b|\bopen\b|\bbrowser\b|sign in|log ?in\b|approve|confirm|passcode|press",
    re.IGNORECASE,
)
"""Words of a command that waits for a person, such as for a device code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One command of a limit that is to be run."""

    kind: Kind
    limit: LimitId
    command: CommandSpec | None
    """None: the batch file has none any more."""


def command_judge(rules: RuleBook, scanner: Scanner, zone: ZoneLookup) -> Judge:
    """Return what judges a command's output as the stderr of an attempt that failed."""

    def judge(output: str, code: int, ended_at: float) -> Verdict:
        stream = StreamJudge("stderr", rules, scanner.scan, zone)
        stream.take(f"{output}\n".encode("utf-8", "replace"), ended_at)
        end = End(code=code, ended_at=ended_at, detections=tuple(stream.detections()))
        return diagnose(end, success_exit=(0,), ending=None, started_at=ended_at)

    return judge


class Errands:
    """Runs at most one command of a kind per limit; what a newer order replaced is not told."""

    def __init__(
        self,
        *,
        commands: Commands,
        clock: Clock,
        submit: Submit,
        cwd: str,
        judge: Judge | None = None,
        banner: Banner | None = None,
    ) -> None:
        self._commands = commands
        self._clock = clock
        self._submit = submit
        self._cwd = cwd
        self._judge = judge
        self._banner = banner
        self._values: dict[LimitId, Mapping[str, str]] = {}
        self._running: dict[tuple[Kind, LimitId], Order | None] = {}
        """What runs, with the order that came meanwhile."""

    def adopt(self, detector: Detector) -> None:
        """Judge the output of commands by other rules from now on."""
        self._judge = command_judge(detector.rules, detector.scanner, detector.zone)

    def values(self, limits: Iterable[LimitId]) -> Mapping[str, str]:
        """Return the variables that attempts on these limits get; never to be stored or shown."""
        found: dict[str, str] = {}
        for name in limits:
            found.update(self._values.get(name, NOTHING))
        return found

    def take_in(self, batch: Batch, effect: RunRefresh | RunPreflight) -> Order | None:
        """Return what is to be run now; None: it runs already."""
        kind: Kind = "refresh" if isinstance(effect, RunRefresh) else "preflight"
        spec = batch.limit_specs[effect.limit]
        command = spec.refresh if kind == "refresh" else spec.preflight
        order = Order(kind=kind, limit=effect.limit, command=command)
        if (kind, effect.limit) in self._running:
            if kind == "preflight":
                # What the one under way says was asked before something else happened.
                self._running[kind, effect.limit] = order
            return None
        self._running[kind, effect.limit] = None
        return order

    async def run(self, order: Order) -> None:
        """Run the command, and tell its end."""
        key = (order.kind, order.limit)
        try:
            while True:
                event = await self._event(order)
                newer, self._running[key] = self._running[key], None
                if newer is None:
                    break
                order = newer
        finally:
            del self._running[key]
            self._say(order.limit, None)
        await self._submit(event)

    async def _event(self, order: Order) -> Event:
        ran = await self._ran(order)
        told = self._told(ran)
        if order.kind == "preflight":
            return PreflightEnded(
                limit=order.limit,
                cause=ran.cause,
                error_class=told.error_class if told else None,
                retry_at=told.retry_at if told else None,
            )
        names = order.command.env if order.command is not None else ()
        if not ran.cause and names:
            if not ran.value or "\0" in ran.value:
                empty = "it wrote nothing to stdout" if not ran.value else "its value has a NUL"
                return RefreshEnded(limit=order.limit, cause=f"{empty}, which env: wants")
            self._values[order.limit] = dict.fromkeys(names, ran.value)
        error_class = told.error_class if told else None
        return RefreshEnded(limit=order.limit, cause=ran.cause, error_class=error_class)

    async def _ran(self, order: Order) -> Ran:
        if order.command is None:
            return Ran(cause=f"the batch file has no {order.kind} for it", code=None, output="")
        errand = Errand(
            command=order.command.run,
            timeout_s=order.command.timeout_s,
            cwd=self._cwd,
            env=self.values((order.limit,)),
            captures=bool(order.kind == "refresh" and order.command.env),
        )
        try:
            return await self._commands.ask(errand, lambda text: self._say(order.limit, text))
        except Exception as error:
            log.exception("command failed", extra={"limit": order.limit, "kind": order.kind})
            return Ran(cause=repr(error), code=None, output="")

    def _told(self, ran: Ran) -> Verdict | None:
        """Return what the output of a command that failed tells; None: nothing."""
        if not ran.cause or ran.code is None or self._judge is None:
            return None
        verdict = self._judge(ran.output, ran.code, self._clock.now())
        return None if verdict.error_class is ErrorClass.UNKNOWN else verdict

    def _say(self, limit: LimitId, text: str | None) -> None:
        """Show what a command asks of a person while it waits; None: it is over."""
        if self._banner is None or (text is not None and not _ASKS.search(text)):
            return
        self._banner(f"{limit}: login", text, steps(text or ""))
