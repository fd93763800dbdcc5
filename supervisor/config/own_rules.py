"""The operator's own rules: packs in the configuration directory, and ``rules:`` of a batch file."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from supervisor.config.data import user_folder
from supervisor.config.packs import Placed, read_placed, rule_of
from supervisor.config.rule_faults import faults
from supervisor.core.codec import dumps, loads
from supervisor.core.models import OwnRule
from supervisor.core.rules import Rule, RuleBook
from supervisor.ports import ConfigError

if TYPE_CHECKING:
    from supervisor.config.problems import Problems
    from supervisor.config.source import Plain

Refused = Callable[[Iterable[str]], Mapping[str, str]]
"""Tells which patterns may not be used here, each with the reason."""


def user_rules(env: Mapping[str, str]) -> tuple[OwnRule, ...]:
    """Return the rules of ``~/.config/overnight/rules/*.yaml``, in the order of file names.

    Raises:
        ConfigError: with every fault of every file.
    """
    placed: list[Placed] = []
    faulty: list[str] = []
    for path in sorted((user_folder(env) / "rules").glob("*.yaml")):
        try:
            placed.extend(_pack(path))
        except ConfigError as error:
            faulty.extend(error.problems)
    faulty.extend(_twice(placed))
    if faulty:
        raise ConfigError(faulty)
    return tuple(map(_own, placed))


def batch_rules(
    entries: Sequence["Plain"], directory: Path, problems: "Problems"
) -> tuple[OwnRule, ...]:
    """Return the rules of a batch file's ``rules``: pack files below ``directory``, or rules.

    What is wrong goes to ``problems``.
    """
    placed: list[Placed] = []
    for number, entry in enumerate(entries):
        loc = ("rules", number)
        if isinstance(entry, str):
            try:
                placed.extend(_pack(directory / Path(entry).expanduser()))
            except ConfigError as error:
                for fault in error.problems:
                    problems.add(loc, fault)
            continue
        wrong = list(faults(entry, own=True))
        for fault in wrong:
            problems.add(loc, fault)
        if not wrong:
            where = f"{problems.document.name}:{problems.document.line(loc)}"
            placed.append(Placed(where, rule_of(cast("Mapping[str, object]", entry))))
    for fault in _twice(placed):
        problems.add(("rules",), fault)
    return tuple(map(_own, placed))


def problems(own: Sequence[OwnRule], shipped: RuleBook, refused: Refused) -> list[str]:
    """Return what keeps ``own`` rules from being used here, each with its file and line."""
    # Engines read no YAML, and decode these rules.
    from supervisor.config.problems import nearest

    rules = decoded(own)
    wanted = (rule for rule in rules if rule.enabled)
    reasons = refused(text for rule in wanted for text in (rule.pattern, rule.unless) if text)
    told: list[str] = []
    for place, rule in zip(own, rules, strict=True):
        for key, text in (("pattern", rule.pattern), ("unless", rule.unless)):
            if rule.enabled and text is not None and text in reasons:
                told.append(f"{place.where}: {rule.id}: {key} {reasons[text]}")
        if not rule.enabled and shipped.get(rule.id) is None and not _has(rules, rule.id):
            near = nearest(rule.id, [one.id for one in shipped])
            told.append(f"{place.where}: there is no rule {rule.id} to switch off{near}")
    return told


def decoded(own: Sequence[OwnRule]) -> tuple[Rule, ...]:
    """Return the rules themselves."""
    return tuple(loads(Rule, rule.text) for rule in own)


def _pack(path: Path) -> tuple[Placed, ...]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ConfigError([f"{path}: cannot read it: {error.strerror}"]) from error
    except UnicodeDecodeError as error:
        raise ConfigError(
            [f"{path}: is not UTF-8 text: {error.reason} at {error.start}"]
        ) from error
    return read_placed(text, str(path), own=True)


def _has(rules: Sequence[Rule], name: str) -> bool:
    return any(rule.enabled and rule.id == name for rule in rules)


def _own(placed: Placed) -> OwnRule:
    return OwnRule(where=placed.where, text=dumps(placed.rule, Rule))


def _twice(placed: Sequence[Placed]) -> Iterator[str]:
    seen: dict[str, str] = {}
    for one in placed:
        first = seen.setdefault(one.rule.id, one.where)
        if first != one.where:
            yield f"{one.where}: {one.rule.id} is also at {first}; keep one of them"
