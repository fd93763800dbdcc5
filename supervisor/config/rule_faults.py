"""What is wrong with an entry of a rule pack, in words that tell what is right."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, cast

from supervisor.core.models import ErrorClass

if TYPE_CHECKING:
    from supervisor.config.source import Plain

_FIELDS = {
    "enabled",
    "id",
    "class",
    "strength",
    "where",
    "rank",
    "pattern",
    "unless",
    "matches",
    "ignores",
}
_CHOICES = {
    "strength": ("strong", "weak"),
    "where": ("any", "stderr", "structured", "error", "exception"),
    "rank": ("0", "1", "2", "3"),
}
_NOT_PORTABLE = {
    r"(?<!\\)\(\?(?:=|!|<=|<!|P=|>|\()": "looks around or back; say what it must not be in unless:",
    r"(?<!\\)\\[1-9]": "refers back to a group",
    r"(?<!\\)[*+?}]\+": "is possessive",
    r"\[[^\]\\]*[^\x00-\x7f]": "has a letter beyond ASCII in brackets; write (?:a|b)",
    r"[^\x00-\x7f][*+?{]": "repeats a letter beyond ASCII; put it in (?:…)",
    r"\\[AZzBG]": "uses an anchor other than ^ and $",
    r"(?<!\\)\(\?-?[a-zA-Z]*[aLmsux]": "sets a flag other than i",
    r"\[\[:": "names a class in [[: :]], which re does not know",
}


def faults(entry: "Plain", *, own: bool = False) -> Iterator[str]:
    """Yield what is wrong with one entry of a pack; of an ``own`` one, samples are optional."""
    if not isinstance(entry, dict):
        yield "a rule is a mapping"
        return
    fields: Mapping[str, object] = entry
    name = fields.get("id")
    if not isinstance(name, str) or not re.fullmatch(r"[a-z0-9]+(?:[.-][a-z0-9]+)+", name):
        yield f"a rule needs an id such as pack.name, not {name!r}"
    yield from _key_faults(name, fields, own=own)
    if own and fields.get("enabled") == "false":
        return
    yield from _sample_list_faults(name, fields, own=own)
    yield from _pattern_faults(name, alternatives(fields.get("pattern")), portable=True)
    if "unless" in fields:
        yield from _pattern_faults(name, alternatives(fields["unless"]), portable=False)


def alternatives(pattern: object) -> object:
    """Return a pattern as one text: a list of lines means any of them."""
    if not isinstance(pattern, list):
        return pattern
    lines = cast("Sequence[object]", pattern)
    return "|".join(str(line) for line in lines)


def _key_faults(name: object, fields: Mapping[str, object], *, own: bool) -> Iterator[str]:
    if "enabled" in fields and not own:
        yield f"{name}: enabled is for the packs of operators; take the rule out"
    if fields.get("enabled", "true") not in ("true", "false"):
        yield f"{name}: enabled is true or false, not {fields['enabled']!r}"
    for key in sorted(set(fields) - _FIELDS):
        yield f"{name}: unknown key {key!r}; there are {', '.join(sorted(_FIELDS))}"
    for key, choices in _CHOICES.items():
        if key in fields and fields[key] not in choices:
            yield f"{name}: {key} is one of {', '.join(choices)}, not {fields[key]!r}"
    if "class" in fields and fields["class"] not in set(ErrorClass):
        yield f"{name}: there is no class {fields['class']!r}"


def _sample_list_faults(name: object, fields: Mapping[str, object], *, own: bool) -> Iterator[str]:
    for key in ("matches", "ignores"):
        if not isinstance(fields.get(key, []), list):
            yield f"{name}: {key} is a list of lines"
    if not own and not fields.get("matches"):
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
