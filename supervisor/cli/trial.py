"""``overnight rules test``: do the packs' samples hold, and what do the rules make of a text?"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from supervisor.adapters.zones import zone_lookup
from supervisor.cli.colour import Paint
from supervisor.cli.samples import Document, iso
from supervisor.cli.text import cleaned, span
from supervisor.cli.text import now as wall_now
from supervisor.cli.words import CommandError
from supervisor.config.packs import sample_faults
from supervisor.core.redact import redact
from supervisor.core.reset_time import Stated, stated
from supervisor.core.rules import Rule, RuleBook
from supervisor.core.shape import Shape, shape_of
from supervisor.core.zones import ZoneLookup

_SHAPES = {
    Shape.QUOTE: "code, a test, a table, a transcript or prose: it proves nothing",
    Shape.CHATTER: "a log line below an error: it explains an end, and stops nothing",
    Shape.PLAIN: "plain",
    Shape.ERROR: "an error message",
    Shape.EXCEPTION: "an exception",
}


def try_samples(rules: RuleBook, *, as_json: bool) -> int:
    """Judge every sample of every pack; print what is wrong, and return 1 if anything is."""
    faults = list(sample_faults(rules, rules))
    samples = sum(len(rule.matches) + len(rule.ignores) for rule in rules)
    if as_json:
        print(json.dumps({"v": 1, "rules": len(rules), "samples": samples, "wrong": faults}))
        return 1 if faults else 0
    for fault in faults:
        print(cleaned(fault))
    print(f"{len(rules)} rules, {samples} samples, {len(faults)} wrong")
    return 1 if faults else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching:
    """A rule whose pattern is in a line."""

    rule: Rule
    why: str
    """Why it explains the line, or does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What the rules make of one line."""

    line: str
    """Without secrets."""
    shape: Shape
    won: Rule | None
    acts: bool
    """A running task would be stopped for it."""
    matching: tuple[Matching, ...]
    when: Stated | None


def try_text(text: str, rules: RuleBook, zone: str | None, *, as_json: bool) -> int:
    """Print what the rules make of each line of ``text``; return 1 if no rule explains any.

    Raises:
        CommandError: there is no such zone.
    """
    lookup = zone_lookup(zone)
    if lookup("") is None:
        raise CommandError(f"--tz: there is no time zone {zone!r}; try America/Los_Angeles or UTC")
    now = wall_now()
    trials = [tried(line, rules, now, lookup) for line in text.splitlines() if line.strip()]
    if as_json:
        print(json.dumps([_document(trial) for trial in trials], ensure_ascii=False))
    else:
        for trial in trials:
            print("\n".join([*_told(trial, now, lookup), ""]))
    return 0 if any(trial.won for trial in trials) else 1


def tried(line: str, rules: RuleBook, now: float, zone: ZoneLookup) -> Trial:
    """Return what ``rules`` make of ``line``, written at ``now``."""
    names = rules.matching(line)
    finding = rules.judge(line, names)
    won = finding.rule if finding else None
    found = (rule for name in names if (rule := rules.get(name)) is not None)
    return Trial(
        line=redact(line),
        shape=shape_of(line),
        won=won,
        acts=finding is not None and finding.strong and finding.rule.error_class is not None,
        matching=tuple(Matching(rule=rule, why=_why(rule, won, line, rules)) for rule in found),
        when=stated(line, now, zone),
    )


def _why(rule: Rule, won: Rule | None, line: str, rules: RuleBook) -> str:
    """Say why a rule whose pattern is in the line explains it, or why not."""
    if won is not None and rule.id == won.id:
        return "explains it"
    if won is not None and rules.judge(line, [rule.id]) is not None:
        return f"{won.id} is closer to the cause"
    if shape_of(line) is Shape.QUOTE:
        return "such a line proves nothing"
    if rule.where != "any":
        return f"counts only where: {rule.where}"
    return "its unless matches, too" if rule.unless else "such a line proves nothing"


def _document(trial: Trial) -> Document:
    return {
        "line": trial.line,
        "shape": trial.shape.name.lower(),
        "rule": trial.won.id if trial.won else None,
        "class": trial.won.error_class if trial.won else None,
        "acts": trial.acts,
        "matching": [
            {
                "rule": one.rule.id,
                "class": one.rule.error_class,
                "rank": one.rule.rank,
                "why": one.why,
            }
            for one in trial.matching
        ],
        "wait_s": trial.when.wait_s if trial.when else None,
        "retry_at": iso(trial.when.at) if trial.when else None,
        "stated": redact(trial.when.words) if trial.when else None,
    }


def _told(trial: Trial, now: float, zone: ZoneLookup) -> Iterator[str]:
    paint = Paint(sys.stdout)
    yield f"line      {cleaned(trial.line)}"
    yield f"shape     {_SHAPES[trial.shape]}"
    for one in trial.matching:
        style = "green" if trial.won and one.rule.id == trial.won.id else "dim"
        kind = f"{one.rule.error_class or 'when'}, rank {one.rule.rank}"
        yield f"rule      {one.rule.id} ({kind}): {paint(one.why, style)}"
    if not trial.matching:
        yield "rule      none matches"
    yield f"time      {_time(trial.when, now, zone)}"
    yield f"so        {paint(_conclusion(trial), 'bold')}"


def _time(when: Stated | None, now: float, zone: ZoneLookup) -> str:
    if when is None:
        return "none stated"
    words = cleaned(redact(when.words))
    if when.wait_s is not None:
        return f"{when.wait_s:g}s, as «{words}»"
    there = datetime.fromtimestamp(when.at, zone("")).strftime("%Y-%m-%d %H:%M:%S %Z")
    return f"{there}, in {span(when.at - now)}, as «{words}»"


def _conclusion(trial: Trial) -> str:
    if trial.won is None:
        return "no rule explains it"
    if trial.won.error_class is None:
        return "it says only when to try again"
    acts = "stops a running task" if trial.acts else "explains an end, stops no running task"
    return f"{trial.won.error_class}: {acts}"
