"""Rule packs: YAML that people write, checked and built into the one file that programs load.

``python -m supervisor.config.packs`` builds ``configs/rules.json`` from ``configs/rules/*.yaml``.
"""

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from supervisor.core.codec import dumps, loads
from supervisor.core.models import ErrorClass
from supervisor.core.rules import Rule, RuleBook
from supervisor.ports import ConfigError

if TYPE_CHECKING:
    from supervisor.config.source import Plain

_FIELDS = {"id", "class", "strength", "where", "rank", "pattern", "unless", "matches", "ignores"}
_CHOICES = {
    "strength": ("strong", "weak"),
    "where": ("any", "stderr", "structured", "error", "exception"),
    "rank": ("1", "2", "3"),
}
_NOT_PORTABLE = {
    r"(?<!\\)\(\?(?:=|!|<=|<!|P=|>|\()": "looks around or back; say what it must not be in unless:",
    r"(?<!\\)\\[1-9]": "refers back to a group",
    r"(?<!\\)[*+?}]\+": "is possessive",
    r"\[[^\]\\]*[^\x00-\x7f]": "has a letter beyond ASCII in brackets; write (?:a|b)",
    r"[^\x00-\x7f][*+?{]": "repeats a letter beyond ASCII; put it in (?:…)",
    r"\\[AZzBG]": "uses an anchor other than ^ and $",
}


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
    from supervisor.config.source import read

    document = read(text, name)
    top = document.value
    found: Plain | None = top.get("rules") if isinstance(top, dict) else None
    if not isinstance(found, list):
        raise ConfigError([f"{name}:1: a pack is a mapping with a list of rules"])
    entries: Sequence[Plain] = found
    rules: list[Rule] = []
    problems: list[str] = []
    for place, entry in enumerate(entries):
        faults = list(_faults(entry))
        line = document.line(("rules", place))
        problems.extend(f"{name}:{line}: {fault}" for fault in faults)
        if not faults:
            rules.append(_rule(cast("Mapping[str, object]", entry)))
    if problems:
        raise ConfigError(problems)
    return tuple(rules)


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


def _rule(entry: Mapping[str, object]) -> Rule:
    fields = {key: value for key, value in entry.items() if key not in ("class", "rank")}
    for key in {"pattern", "unless"} & set(fields):
        fields[key] = _alternatives(fields[key])
    if "class" in entry:
        fields["error_class"] = str(entry["class"])
    if "rank" in entry:
        fields["rank"] = int(str(entry["rank"]))
    return loads(Rule, json.dumps(fields))


def _alternatives(pattern: object) -> object:
    """Return a pattern as one text: a list of lines means any of them."""
    if not isinstance(pattern, list):
        return pattern
    lines: Sequence[object] = pattern
    return "|".join(str(line) for line in lines)


def _faults(entry: "Plain") -> Iterator[str]:
    if not isinstance(entry, dict):
        yield "a rule is a mapping"
        return
    fields: Mapping[str, object] = entry
    name = fields.get("id")
    if not isinstance(name, str) or not re.fullmatch(r"[a-z0-9]+(?:[.-][a-z0-9]+)+", name):
        yield f"a rule needs an id such as pack.name, not {name!r}"
    yield from _key_faults(name, fields)
    yield from _sample_list_faults(name, fields)
    yield from _pattern_faults(name, _alternatives(fields.get("pattern")), portable=True)
    if "unless" in fields:
        yield from _pattern_faults(name, _alternatives(fields["unless"]), portable=False)


def _key_faults(name: object, fields: Mapping[str, object]) -> Iterator[str]:
    for key in sorted(set(fields) - _FIELDS):
        yield f"{name}: unknown key {key!r}; there are {', '.join(sorted(_FIELDS))}"
    for key, choices in _CHOICES.items():
        if key in fields and fields[key] not in choices:
            yield f"{name}: {key} is one of {', '.join(choices)}, not {fields[key]!r}"
    if "class" in fields and fields["class"] not in set(ErrorClass):
        yield f"{name}: there is no class {fields['class']!r}"


def _sample_list_faults(name: object, fields: Mapping[str, object]) -> Iterator[str]:
    for key in ("matches", "ignores"):
        if not isinstance(fields.get(key, []), list):
            yield f"{name}: {key} is a list of lines"
    if not fields.get("matches"):
        yield f"{name}: matches needs at least one line"


def _pattern_faults(name: object, pattern: object, *, portable: bool) -> Iterator[str]:
    if not isinstance(pattern, str) or not pattern:
        yield f"{name}: a rule needs a pattern"
        return
    try:
        found = re.compile(pattern, re.IGNORECASE)
    except re.error as error:
        yield f"{name}: {error}: {pattern}"
        return
    if found.search("") is not None:
        yield f"{name}: the pattern matches an empty line"
    if portable:
        for habit, why in _NOT_PORTABLE.items():
            if re.search(habit, pattern):
                yield f"{name}: the pattern {why}"


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
