"""Reads YAML 1.2 into text, lists and mappings, and remembers the line of everything.

No scalar is ever resolved to a number or a truth value here: ``0504157``, ``on`` and ``1.10`` stay
what was written, and whoever wants a number reads it from the text.
"""

import re
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from supervisor.ports import ConfigError

Loc = tuple[str | int, ...]
"""A place in a document: keys and list positions from the top."""
Node = Any
"""A node of the parser, whose package carries no types."""
Plain = str | list[Any] | dict[str, Any]
"""What a document holds: text, and lists and mappings of the same."""

_MOST_VALUES = 1_000_000
_VERSION = re.compile(r"^%YAML[ \t]+(\S+)", re.MULTILINE)
_QUOTE = 'put the whole command in quotes, or write it below "run: |"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One parsed file. ``value`` is None when the file is empty."""

    name: str
    value: Plain | None
    root: Node

    def line(self, loc: Loc) -> int:
        """Return the line (from 1) of the key or item at ``loc``, or of what is nearest above it."""
        node, line = self.root, 1
        for part in loc:
            found = _below(node, part) if node is not None else None
            if found is None:
                break
            line, node = found
        return line


def read(text: str, name: str) -> Document:
    """Parse ``text``; ``name`` stands for the file in messages.

    Raises:
        ConfigError: it is not YAML, or uses what a batch file may not.
    """
    _check_version(text, name)
    try:
        parser: Any = YAML(typ="safe", pure=True)
        root: Node = parser.compose(text)
    except MarkedYAMLError as error:
        raise ConfigError([_syntax_problem(error, text, name)]) from error
    except (YAMLError, AssertionError, RecursionError, ValueError) as error:
        # The parser reports characters, odd directives and deep nesting each in its own way.
        raise ConfigError([f"{name}:1: not valid YAML: {_first_line(error)}"]) from error
    reader = _Reader(name)
    value = None if root is None else reader.plain(root)
    if reader.problems:
        raise ConfigError(reader.problems)
    return Document(name=name, value=value, root=root)


def _check_version(text: str, name: str) -> None:
    match = _VERSION.search(text)
    if match and match[1] != "1.2":
        line = text.count("\n", 0, match.start()) + 1
        raise ConfigError([f"{name}:{line}: only YAML 1.2 is read, not {match[1]}"])


def _below(node: Node, part: str | int) -> tuple[int, Node] | None:
    if node.id == "mapping":
        for key, value in node.value:
            if key.value == part:
                return key.start_mark.line + 1, value
    if node.id == "sequence" and isinstance(part, int) and part < len(node.value):
        item = node.value[part]
        return item.start_mark.line + 1, item
    return None


class _Reader:
    """Turns nodes into plain values and notes what may not be."""

    def __init__(self, name: str) -> None:
        self.problems: list[str] = []
        self._name = name
        self._open: list[Node] = []
        self._values = 0

    def plain(self, node: Node) -> Plain:
        self._values += 1
        if self._values > _MOST_VALUES:
            raise ConfigError([f"{self._name}: more than {_MOST_VALUES} values"])
        self._check_tag(node)
        if node.id == "scalar":
            return self._text(node)
        if any(outer is node for outer in self._open):
            self._note(node, "an alias inside its own anchor")
            return ""
        self._open.append(node)
        value: Plain
        if node.id == "sequence":
            value = [self.plain(item) for item in node.value]
        else:
            value = self._mapping(node)
        self._open.pop()
        return value

    def _text(self, node: Node) -> str:
        text: str = node.value
        if "\0" in text:
            self._note(node, "a value with a NUL character")
        try:
            text.encode("utf-8", "surrogateescape")
        except UnicodeEncodeError:
            self._note(node, "a value with half a character; no command can take it")
        return text

    def _mapping(self, node: Node) -> dict[str, Plain]:
        made: dict[str, Plain] = {}
        lines: dict[str, int] = {}
        for key, value in node.value:
            if key.id != "scalar":
                self._note(key, _key_problem(key))
                continue
            line = key.start_mark.line + 1
            if key.value == "<<" and not key.style:
                self._note(
                    key,
                    "merge keys (<<) are not YAML 1.2: a key at the top of the file is every"
                    " group's default",
                )
            elif key.value in made:
                self._note(key, f"duplicate key {key.value!r}, first on line {lines[key.value]}")
            else:
                lines[key.value] = line
                made[key.value] = self.plain(value)
        return made

    def _check_tag(self, node: Node) -> None:
        tag = str(node.tag)
        if not tag.startswith("tag:yaml.org,2002:") or "python" in tag:
            self._note(node, f"the tag {tag} is not allowed")

    def _note(self, node: Node, message: str) -> None:
        self.problems.append(f"{self._name}:{node.start_mark.line + 1}: {message}")


def _key_problem(key: Node) -> str:
    if key.id == "mapping":
        return "a key in braces: text that begins with { needs quotes"
    return "a key must be text"


def _syntax_problem(error: Any, text: str, name: str) -> str:
    mark = error.problem_mark or error.context_mark
    line = mark.line if mark else 0
    lines = text.splitlines() or [""]
    # The parser notices an unclosed quote or bracket at the end of the file; it began elsewhere.
    if line >= len(lines) and error.context_mark:
        line = error.context_mark.line
    shown = lines[min(line, len(lines) - 1)].rstrip()
    problem = " ".join(filter(None, [_first_line(error.context), _first_line(error.problem)]))
    return f"{name}:{line + 1}: not valid YAML: {problem or 'unreadable'}: {shown.strip()}{_advice(shown)}"


def _advice(shown: str) -> str:
    if "\t" in shown[: len(shown) - len(shown.lstrip())]:
        return " (indent with spaces, not tabs)"
    if not (_has_braces_or_colon(shown) or _begins_badly(shown)):
        return ""
    key = shown.partition(":")[0].strip(" -{\"'")
    return f" ({_QUOTE})" if key in ("run", "resume", "setup") else " (put the text in quotes)"


def _first_line(text: object) -> str:
    return str(text).strip().splitlines()[0] if text else ""


def _has_braces_or_colon(shown: str) -> bool:
    _, _, value = shown.partition(":")
    return "{" in value or ": " in value or value.rstrip().endswith(":")


def _begins_badly(shown: str) -> bool:
    value = shown.partition(":")[2].strip() or shown.lstrip("- ")
    return value[:1] in tuple("%@`*&!|>") or (value[:1] == "[" and "]" in value)
