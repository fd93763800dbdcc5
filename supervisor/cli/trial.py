"""``overnight rules test``: do the packs' samples hold, and what do the rules make of a text?"""

import json
import sys
from collections.abc import Iterator
from datetime import datetime

from supervisor.adapters.clock import wall_now
from supervisor.adapters.zones import zone_lookup
from supervisor.cli.colour import Paint
from supervisor.cli.samples import Document, iso
from supervisor.cli.text import cleaned, span
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


def try_text(text: str, rules: RuleBook, zone: str | None, *, as_json: bool) -> int:
    """Print what the rules make of each line of ``text``; return 1 if no rule explains any.

    Raises:
        CommandError: there is no such zone.
    """
    lookup = zone_lookup(zone)
    if lookup("") is None:
        raise CommandError(f"--tz: there is no time zone {zone!r}; try America/Los_Angeles or UTC")
    now = wall_now()
    trials = [_trial(line, rules, now, lookup) for line in text.splitlines() if line.strip()]
    if as_json:
        print(json.dumps(trials, ensure_ascii=False))
    else:
        for line in _told(trials, now, lookup):
            print(line)
    return 0 if any(trial["rule"] for trial in trials) else 1


def _trial(line: str, rules: RuleBook, now: float, zone: ZoneLookup) -> Document:
    names = rules.matching(line)
    finding = rules.judge(line, names)
    when = stated(line, now, zone)
    matching = [rule for name in names if (rule := rules.get(name)) is not None]
    won = finding.rule.id if finding else None
    return {
        "line": redact(line),
        "shape": str(shape_of(line).name).lower(),
        "rule": won,
        "class": finding.rule.error_class if finding else None,
        "acts": bool(finding and finding.strong and finding.rule.error_class),
        "matching": [
            {"rule": rule.id, "class": rule.error_class, "rank": rule.rank, "why": why}
            for rule in matching
            if (why := _why(rule, won, line, rules))
        ],
        "wait_s": when.wait_s if when else None,
        "retry_at": iso(when.at) if when else None,
        "stated": redact(when.words) if when else None,
    }


def _why(rule: Rule, won: str | None, line: str, rules: RuleBook) -> str:
    """Say why a rule whose pattern is in the line explains it, or why not."""
    if rule.id == won:
        return "explains it"
    if rules.judge(line, [rule.id]) is not None:
        return f"{won} is closer to the cause"
    if shape_of(line) is Shape.QUOTE:
        return "such a line proves nothing"
    if rule.where != "any":
        return f"counts only where: {rule.where}"
    return "its unless matches, too"


def _told(trials: list[Document], now: float, zone: ZoneLookup) -> Iterator[str]:
    paint = Paint(sys.stdout)
    for trial in trials:
        yield f"line      {cleaned(trial['line'])}"
        yield f"shape     {_SHAPES[Shape[str(trial['shape']).upper()]]}"
        matching = trial["matching"]
        assert isinstance(matching, list)
        for one in matching:
            style = ("green",) if one["rule"] == trial["rule"] else ("dim",)
            kind = one["class"] or "when"
            yield f"rule      {one['rule']} ({kind}, rank {one['rank']}): {paint(one['why'], *style)}"
        if not matching:
            yield "rule      none matches"
        yield f"time      {_time(stated(str(trial['line']), now, zone), now, zone)}"
        yield f"so        {paint(_conclusion(trial), 'bold')}"
        yield ""


def _time(when: Stated | None, now: float, zone: ZoneLookup) -> str:
    if when is None:
        return "none stated"
    if when.wait_s is not None:
        return f"{when.wait_s:g}s, as «{cleaned(when.words)}»"
    there = datetime.fromtimestamp(when.at, zone("")).strftime("%Y-%m-%d %H:%M:%S %Z")
    return f"{there}, in {span(when.at - now)}, as «{cleaned(when.words)}»"


def _conclusion(trial: Document) -> str:
    if trial["rule"] is None:
        return "no rule explains it"
    if trial["class"] is None:
        return "it says only when to try again"
    acts = "stops a running task" if trial["acts"] else "explains an end, stops no running task"
    return f"{trial['class']}: {acts}"
