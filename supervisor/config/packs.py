"""Rule packs: YAML that people write, checked and built into the one file that programs load.

``python -m supervisor.config.packs`` builds ``configs/rules.json`` from ``configs/rules/*.yaml``.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from supervisor.config.rule_faults import alternatives, faults
from supervisor.core.codec import dumps, loads
from supervisor.core.rules import Rule, RuleBook
from supervisor.ports import ConfigError

if TYPE_CHECKING:
    from supervisor.config.source import Plain

_READ = ("class", "rank", "enabled")
"""Keys whose values are no text."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A rule, and the file and line it stands in."""

    where: str
    rule: Rule


def load_built(path: Path) -> RuleBook:
    """Return the rules of a built file; needs neither YAML nor any check.

    Raises:
        ConfigError: it is missing or damaged.
    """
    try:
        return RuleBook(loads(tuple[Rule, ...], path.read_bytes()))
    except (OSError, ValueError) as error:
        raise ConfigError([f"{path}: the rules cannot be loaded: {error}"]) from error


def read_packs(folder: Path) -> tuple[Rule, ...]:
    """Return the rules of every ``*.yaml`` in ``folder``, in the order of file names.

    Raises:
        ConfigError: with every fault of every file.
    """
    rules: list[Rule] = []
    problems: list[str] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            rules.extend(read_pack(path.read_text(encoding="utf-8"), path.name))
        except ConfigError as error:
            problems.extend(error.problems)
    problems.extend(_twice(rules))
    if problems:
        raise ConfigError(problems)
    return tuple(rules)


def read_pack(text: str, name: str) -> tuple[Rule, ...]:
    """Return the rules of one pack; ``name`` stands for the file in messages.

    Raises:
        ConfigError: with every fault in it.
    """
    return tuple(placed.rule for placed in read_placed(text, name))


def read_placed(text: str, name: str, *, own: bool = False) -> tuple[Placed, ...]:
    """Return the rules of one pack with their places; ``own`` ones may lack samples, or switch off.

    Raises:
        ConfigError: with every fault in it.
    """
    from supervisor.config.source import read

    document = read(text, name)
    top = document.value
    found: Plain | None = top.get("rules") if isinstance(top, dict) else None
    if not isinstance(found, list):
        raise ConfigError([f"{name}:1: a pack is a mapping with a list of rules"])
    entries: Sequence[Plain] = found
    placed: list[Placed] = []
    problems: list[str] = []
    for number, entry in enumerate(entries):
        where = f"{name}:{document.line(('rules', number))}"
        wrong = [f"{where}: {fault}" for fault in faults(entry, own=own)]
        problems.extend(wrong)
        if not wrong:
            placed.append(Placed(where, rule_of(cast("Mapping[str, object]", entry))))
    if problems:
        raise ConfigError(problems)
    return tuple(placed)


def sample_faults(rules: Iterable[Rule], book: RuleBook) -> Iterator[str]:
    """Yield a sentence for each sample that its rule does not judge as the pack says."""
    for rule in rules:
        for line in rule.matches:
            found = book.judge(line, book.matching(line))
            if found is None or found.rule.id != rule.id:
                instead = f"{found.rule.id} explains it" if found else "nothing does"
                yield f"{rule.id} must explain {line!r}, but {instead}"
        for line in rule.ignores:
            found = book.judge(line, book.matching(line))
            if found is not None and found.rule.id == rule.id:
                yield f"{rule.id} must not explain {line!r}"


def built(rules: Sequence[Rule]) -> str:
    """Return the text of the built file."""
    lines = (dumps(rule, Rule) for rule in rules)
    return "[\n" + ",\n".join(lines) + "\n]\n"


def rule_of(entry: Mapping[str, object]) -> Rule:
    """Return the rule that an entry without faults stands for."""
    fields = {key: value for key, value in entry.items() if key not in _READ}
    fields.setdefault("pattern", "")
    for key in {"pattern", "unless"} & set(fields):
        fields[key] = alternatives(fields[key])
    if "class" in entry:
        fields["error_class"] = str(entry["class"])
    if "rank" in entry:
        fields["rank"] = int(str(entry["rank"]))
    if "enabled" in entry:
        fields["enabled"] = entry["enabled"] == "true"
    return loads(Rule, json.dumps(fields))


def _twice(rules: Iterable[Rule]) -> Iterator[str]:
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            yield f"{rule.id}: two rules have this id"
        seen.add(rule.id)


def main() -> int:
    """Build the file that this checkout carries."""
    configs = Path(__file__).parents[2] / "configs"
    try:
        rules = read_packs(configs / "rules")
    except ConfigError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    faults = list(sample_faults(rules, RuleBook(rules)))
    sys.stderr.write("".join(f"{fault}\n" for fault in faults))
    (configs / "rules.json").write_text(built(rules), encoding="utf-8")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
