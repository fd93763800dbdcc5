"""``overnight run``: starts or resumes a batch and follows it."""

import os
import re
import shlex
import sys
from dataclasses import replace
from pathlib import Path

from supervisor.bootstrap import launch_engine
from supervisor.cli.agreement import agreed
from supervisor.cli.batches import at_directory
from supervisor.cli.confirm import on_terminal
from supervisor.cli.dry_run import planned
from supervisor.cli.follow import follow
from supervisor.cli.machine import logout_kills
from supervisor.cli.oneline import batch_file
from supervisor.cli.service import launch_service
from supervisor.cli.text import now, span
from supervisor.cli.words import Args, CommandError
from supervisor.config.load import load, next_at
from supervisor.config.scalars import clock_time
from supervisor.core.durations import seconds
from supervisor.core.models import BatchSpec
from supervisor.core.options import RunOptions
from supervisor.engine.launch import Launched
from supervisor.ports import ConfigError

_LONGEST_WAIT = "48h"


def run(args: Args) -> int:
    """Start what the words name and follow it as they say; return the exit code."""
    max_wait_s = _max_wait(args)
    options = options_of(args)
    path = batch_file(args, directory=Path.cwd(), stdin=sys.stdin)
    spec = load(path, env=os.environ, now=now())
    options = replace(options, until=_until(args, spec))
    if args.on("dry-run"):
        for line in planned(spec, options):
            print(line)
        return 0
    if options.until is not None:
        print(f"launches for another {span(options.until - now())}; what runs then is waited for")
    return start(spec, options, args, max_wait_s)


def start(spec: BatchSpec, options: RunOptions, args: Args, max_wait_s: float | None = None) -> int:
    """Launch the engine and follow it as ``--headless``, ``--detach`` or the terminal say."""
    if args.on("service"):
        launched = launch_service(spec, options)
    else:
        _warn_of_logout()
        launched = _launched(spec, options)
    for message in launched.messages:
        print(message)
    if launched.nothing_to_do:
        return launched.exit
    entry = at_directory(spec.directory)
    if entry is None:
        raise CommandError(f"the engine started and is gone; see {spec.directory}/engine.log")
    if args.on("detach"):
        print(f"{spec.name} runs (pid {entry.pid}); overnight attach {spec.name} looks at it")
        return 0
    if args.on("headless") or not on_terminal():
        code = follow(entry, max_wait_s=max_wait_s)
        if options.sample is not None:
            print(_after_sample(spec, code))
        return code
    from supervisor.cli.attach import screen

    return screen(entry)


def options_of(args: Args) -> RunOptions:
    """Return what the flags say.

    Raises:
        CommandError: flags that contradict each other, or values that mean nothing.
    """
    for one, other in (("headless", "detach"), ("keep", "force"), ("moved", "copied")):
        if args.on(one) and args.on(other):
            raise CommandError(f"either --{one} or --{other}")
    parallel = args.number("parallel")
    if parallel == 0:
        raise CommandError("--parallel 0 would run nothing; overnight pause does that")
    return RunOptions(
        fresh=args.on("fresh"),
        retry_errors=args.on("retry-errors"),
        force=args.on("force"),
        filter=args.text("filter"),
        parallel=parallel,
        ignore_needs=args.on("ignore-needs"),
        with_dependents=args.on("with-dependents"),
        changed="keep" if args.on("keep") else "force" if args.on("force") else "ask",
        missing_env_ok=args.on("missing-env-ok") or args.on("yes"),
        fail_fast=args.on("fail-fast"),
        sample=_sample(args),
        moved="moved" if args.on("moved") else "copied" if args.on("copied") else "ask",
    )


def _launched(spec: BatchSpec, options: RunOptions) -> Launched:
    """Start the engine; on a terminal, what it refuses without the operator's word is asked."""
    try:
        return launch_engine(spec, options)
    except ConfigError as error:
        changed = agreed(str(error), options) if on_terminal() else None
        if changed is None:
            raise
        return _launched(spec, changed)


def _warn_of_logout() -> None:
    finding = logout_kills()
    if finding.level == "bad":
        print(f"warning: {finding.found} → {finding.cure}", file=sys.stderr)


def _sample(args: Args) -> float | None:
    """Return the share of the tasks that ``--sample`` asks for, above 0 up to 1."""
    word = args.text("sample")
    if word is None:
        return None
    found = re.fullmatch(r"(\d{1,3}(?:\.\d{1,3})?)%", word, re.ASCII)
    if found is None or not 0 < float(found[1]) <= 100:
        raise CommandError(f"--sample {word}: expected a share of the tasks such as 1%")
    return float(found[1]) / 100


def _after_sample(spec: BatchSpec, code: int) -> str:
    """Say which command runs the rest."""
    rest = f"overnight run {shlex.quote(spec.source)}"
    if code == 0:
        return f"the sample succeeded; the rest: {rest}"
    return f"the rest: {rest}; with --retry-errors also what failed or was aborted"


def _until(args: Args, spec: BatchSpec) -> float | None:
    """Return the Unix time of ``--until``: that time of day in the batch's zone, when it next comes."""
    word = args.text("until")
    if word is None:
        return None
    try:
        return next_at(clock_time(word), spec.timezone, now())
    except ValueError as error:
        raise CommandError(f"--until: {error}") from error


def _max_wait(args: Args) -> float:
    """Return how long a headless run waits with nothing running before it gives up, in seconds."""
    word = args.text("max-wait") or _LONGEST_WAIT
    try:
        return 0.0 if word == "0" else seconds(word)
    except ValueError as error:
        raise CommandError(f"--max-wait: {error}") from error
