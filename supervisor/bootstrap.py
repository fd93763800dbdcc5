"""Composition root: the one module that knows every layer. Heavy parts are imported where used."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from supervisor.docking import (
    backend_maker,
    machine_containers,
    survey_machine,
    witness_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from supervisor.core.message import Message
    from supervisor.core.models import BatchSpec, OwnRule
    from supervisor.core.options import RunOptions
    from supervisor.core.rules import RuleBook
    from supervisor.core.state import Batch
    from supervisor.engine.announce import EngineInfo
    from supervisor.engine.detectors import Detector
    from supervisor.engine.errands import Judge
    from supervisor.engine.launch import Launched
    from supervisor.engine.parts import Banner, Parts, Submit
    from supervisor.engine.pump import Offsets, Pump
    from supervisor.engine.runners import Runners
    from supervisor.engine.sources import Sources
    from supervisor.ports import Clock, EngineApi, Journal, Scanner

__all__ = [
    "call_operator",
    "connect",
    "find_batches",
    "launch_engine",
    "machine_containers",
    "rule_book",
    "rule_problems",
    "run_engine",
    "survey_machine",
]


def launch_engine(spec: "BatchSpec", options: "RunOptions") -> "Launched":
    """Start the batch's engine, detached, and return once it runs or has nothing to do.

    Raises:
        ConfigError: the engine refused what was asked; its words tell the way out.
        EngineBusyError: another engine runs this batch.
        EngineGoneError: it died while starting.
    """
    from supervisor.engine.launch import spawn, write_launch
    from supervisor.ports import ConfigError

    if problems := rule_problems(spec.rules):
        raise ConfigError(problems)
    return spawn(write_launch(spec, options))


def connect(info: "EngineInfo") -> "EngineApi":
    """Return the engine behind ``info``, over its socket."""
    from supervisor.ipc.client import SocketEngine

    return SocketEngine(info.socket)


def find_batches() -> "list[tuple[EngineInfo, bool]]":
    """Return what is known of this user's batches, newest first, each with whether it runs now."""
    from supervisor.engine.announce import is_alive, read_info, registry_dir

    known = [read_info(path) for path in registry_dir(Path.home()).glob("*.json")]
    batches = [(info, is_alive(info)) for info in known if info is not None]
    return sorted(batches, key=lambda batch: batch[0].started_at, reverse=True)


def run_engine(state_dir: Path, ready_fd: int | None, faults: "Sequence[float]" = ()) -> int:
    """Be the engine of ``state_dir`` until its batch is done or it is told to stop.

    After a fault of its own this process becomes a new engine; ``faults`` are when it did so before.
    """
    from supervisor.adapters.clock import wall_now
    from supervisor.adapters.local.inherit import inherit
    from supervisor.engine.again import Again
    from supervisor.engine.process import run

    inherited = inherit()  # before anything changes what attempts are to inherit

    def become(faults: "Sequence[float]") -> None:
        inherited.give_back()
        words = ["-P", "-m", "supervisor.cli.engine", str(state_dir), "--again", *map(str, faults)]
        os.execv(sys.executable, [sys.executable, *words])

    return run(state_dir, assemble, ready_fd, Again(faults, now=wall_now, become=become))


def assemble(spec: "BatchSpec") -> "Parts":
    """Return what the engine of ``spec`` works with on this machine."""
    from importlib.metadata import version

    from supervisor.adapters.artifacts import FileArtifacts
    from supervisor.adapters.batch_file import ReadApart
    from supervisor.adapters.clock import SystemClock
    from supervisor.adapters.commands import ShellCommands
    from supervisor.adapters.counters import searching
    from supervisor.adapters.gpus import NvmlGpus
    from supervisor.adapters.host import free_bytes
    from supervisor.adapters.journal import SqliteJournal
    from supervisor.adapters.machine import ThisMachine
    from supervisor.adapters.notify import CommandNotifier
    from supervisor.adapters.searching import FileSearcher
    from supervisor.engine.parts import Parts
    from supervisor.ipc.server import serve

    directory = Path(spec.directory)
    clock = SystemClock()
    rules, scanner = _rules_and_scanner(spec)
    journal = SqliteJournal(directory / "state.db")
    gpus = NvmlGpus()
    return Parts(
        journal=journal,
        clock=clock,
        commands=ShellCommands(),
        judge=_command_judge(spec, rules, scanner),
        notifier=CommandNotifier(str(Path(spec.source).parent)),
        artifacts=FileArtifacts(directory),
        free_bytes=lambda: free_bytes(directory),
        backend=backend_maker(spec, directory),
        pump=_pump_maker(spec, clock, journal, rules, scanner),
        serve=serve,
        home=Path.home(),
        environment=os.environ.keys(),
        version=version("overnight"),
        runners=_runners_maker(spec, rules, scanner),
        searcher=FileSearcher(),
        gpus=gpus,
        gpu_gauges=gpus,
        machine=ThisMachine(),
        containers=machine_containers,
        witness=lambda uuid: witness_of(uuid, directory),
        detector=_detector,
        counter=searching,
        batch_file=ReadApart(
            [sys.executable, "-P", "-m", "supervisor.cli.reread", spec.source, spec.directory]
        ),
        sources=_sources_maker(spec, clock, rules, scanner),
    )


async def call_operator(spec: "BatchSpec", message: "Message") -> str:
    """Call the operator of ``spec``; return the empty string, or why it could not be done."""
    from supervisor.adapters.notify import CommandNotifier

    if spec.notify is None:
        return "the batch has no notify"
    return await CommandNotifier(str(Path(spec.source).parent)).call(spec.notify, message)


def rule_book(own: "Sequence[OwnRule]") -> "RuleBook":
    """Return the rules of the package with the operator's ``own`` ones over them.

    Raises:
        ConfigError: the installation is damaged.
    """
    from supervisor.config.data import find
    from supervisor.config.packs import load_built

    shipped = load_built(find("configs/rules.json", os.environ))
    if not own:
        return shipped
    from supervisor.adapters.scanner.linear import searching_own
    from supervisor.config.own_rules import decoded
    from supervisor.core.rules import RuleBook, overlaid

    rules = decoded(own)
    return RuleBook(overlaid(shipped, rules), searching_own(rules))


def rule_problems(own: "Sequence[OwnRule]") -> list[str]:
    """Return why some of the operator's ``own`` rules may not be used here, with file and line."""
    if not own:
        return []
    from supervisor.adapters.scanner.linear import refused
    from supervisor.config.own_rules import problems

    return problems(own, rule_book(()), refused)


def _rules_and_scanner(spec: "BatchSpec") -> "tuple[RuleBook, Scanner]":
    """Return the rules that count in a batch, and what finds them."""
    from supervisor.adapters.scanner import best_scanner

    rules = rule_book(spec.rules)
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "overnight"
    return rules, best_scanner(rules, cache=cache, wait=False)


def _detector(spec: "BatchSpec") -> "Detector":
    """Return what judges text in an edited batch."""
    from supervisor.adapters.zones import zone_lookup
    from supervisor.engine.detectors import Detector

    rules, scanner = _rules_and_scanner(spec)
    return Detector(rules=rules, scanner=scanner, zone=zone_lookup(spec.timezone))


def _pump_maker(
    spec: "BatchSpec", clock: "Clock", journal: "Journal", rules: "RuleBook", scanner: "Scanner"
) -> "Callable[[Submit, Banner], Pump]":
    """Return what makes the reader of attempts' output."""
    from supervisor.adapters.follow import InotifyFollower
    from supervisor.adapters.zones import zone_lookup
    from supervisor.engine.arrivals import ArrivalFiles
    from supervisor.engine.pump import Pump

    times = ArrivalFiles(spec.directory, clock.now)

    def note(offsets: "Offsets") -> None:
        journal.save_offsets(offsets)
        times.note(offsets)

    return lambda submit, banner: Pump(
        InotifyFollower(notice=lambda text: banner("follow", text, "")),
        scanner,
        rules,
        clock=clock,
        zone=zone_lookup(spec.timezone),
        submit=submit,
        note_offsets=note,
        banner=banner,
    )


def _command_judge(spec: "BatchSpec", rules: "RuleBook", scanner: "Scanner") -> "Judge":
    """Return what tells why a limit's own command failed, by the rules that judge attempts."""
    from supervisor.adapters.zones import zone_lookup
    from supervisor.engine.errands import command_judge

    return command_judge(rules, scanner, zone_lookup(spec.timezone))


def _runners_maker(
    spec: "BatchSpec", rules: "RuleBook", scanner: "Scanner"
) -> "Callable[[Callable[[], Batch]], Runners]":
    """Return what makes the reader of runners' results."""
    from supervisor.adapters.results import FileResults
    from supervisor.adapters.zones import zone_lookup
    from supervisor.engine.runners import Runners, text_judge

    zone = zone_lookup(spec.timezone)
    return lambda batch: Runners(
        FileResults(),
        text_judge(rules, scanner, zone),
        batch=batch,
        environ=os.environ,
    )


def _sources_maker(
    spec: "BatchSpec", clock: "Clock", rules: "RuleBook", scanner: "Scanner"
) -> "Callable[[Submit, Callable[[], Batch]], Sources]":
    """Return what makes the reader of files beside the streams."""
    from supervisor.adapters.watch import WatchedFiles
    from supervisor.adapters.zones import zone_lookup
    from supervisor.core.judging import StreamJudge
    from supervisor.engine.sources import Sources

    zone = zone_lookup(spec.timezone)
    return lambda submit, batch: Sources(
        WatchedFiles(at_once=any(task.sources for task in spec.tasks)),
        lambda: StreamJudge("file", rules, scanner.scan, zone),
        batch=batch,
        now=clock.now,
        submit=submit,
    )
