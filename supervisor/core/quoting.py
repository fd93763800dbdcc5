"""Puts values into shell text so that each stays one piece, whatever quotes stand around it."""

import re
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

_HEREDOC = re.compile(r"<<(-?)[ \t]*(?:'([^'\n]+)'|\"([^\"\n]+)\"|(\\?)([^\s;|&<>()'\"\\]+))")
_BEFORE_COMMENT = frozenset(" \t\n;|&()")


def insert(text: str, values: Mapping[str, str]) -> str:
    """Return shell ``text`` with each ``{name}`` of ``values`` replaced by its quoted value.

    A placeholder outside quotes becomes one word; inside ``'…'``, ``"…"``, ``$'…'`` or a here
    document the value is escaped for that place, so ``'{x}'``, ``"{x}"`` and ``{x}`` mean the same.
    Other braces stay as they are, and braces inside values are never looked at.
    """
    if not values or "{" not in text:
        return text
    return _Walk(text, values).result()


def substitute(text: str, values: Mapping[str, str]) -> str:
    """Return ``text`` with each ``{name}`` of ``values`` replaced by its plain value, in one pass."""
    if not values or "{" not in text:
        return text
    return placeholders(values).sub(lambda match: values[match[1]], text)


def placeholders(names: Mapping[str, str]) -> re.Pattern[str]:
    """Return a pattern that finds ``{name}`` for these names only; group 1 is the name."""
    return _finding(tuple(names))


@lru_cache(maxsize=256)
def _finding(names: tuple[str, ...]) -> re.Pattern[str]:
    """The tasks of a matrix share their names, and each is substituted at every launch."""
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile(r"\{(" + "|".join(map(re.escape, longest_first)) + r")\}")


def _in_single(value: str) -> str:
    return value.replace("'", "'\"'\"'")


def _in_double(value: str) -> str:
    return re.sub(r'([\\"$`])', r"\\\1", value)


def _in_default(value: str) -> str:
    # bash wants even quotes here although they mean nothing; in inner quotes it lets one pass.
    return re.sub(r'([\\"$`}])', r"\\\1", value).replace("'", '"\'"')


def _in_ansi(value: str) -> str:
    return re.sub(r"([\\'])", r"\\\1", value)


def _in_document(value: str) -> str:
    return re.sub(r"([\\$`])", r"\\\1", value)


_ESCAPES: dict[str, Callable[[str], str]] = {
    "plain": shlex.quote,
    "'": _in_single,
    '"': _in_double,
    "$'": _in_ansi,
    '"}': _in_default,
}
_ENTER = {"$((": "))", "$(": ")", "${": "}", "`": "`"}
"""What begins a place in which quoting starts anew, and what ends it."""


@dataclass(slots=True)
class _Walk:
    """One pass over shell text that knows which quotes are open."""

    text: str
    values: Mapping[str, str]
    at: int = 0
    open: list[str] = field(default_factory=lambda: ["plain"])
    done: list[str] = field(default_factory=list[str])
    documents: list[tuple[str, bool, bool]] = field(default_factory=list[tuple[str, bool, bool]])
    """Here documents whose bodies begin after this line: (delimiter, quoted, tabs stripped)."""

    def result(self) -> str:
        found = placeholders(self.values)
        while self.at < len(self.text):
            match = found.match(self.text, self.at) if self.text[self.at] == "{" else None
            if match:
                self.done.append(_ESCAPES[self._quotes()](self.values[match[1]]))
                self.at = match.end()
            else:
                self._one()
        return "".join(self.done)

    def _quotes(self) -> str:
        return self.open[-1] if self.open[-1] in _ESCAPES else "plain"

    def _take(self, count: int) -> None:
        self.done.append(self.text[self.at : self.at + count])
        self.at += count

    def _one(self) -> None:
        quotes = self._quotes()
        if quotes == "'":
            self._closing("'")
        elif quotes == "$'":
            if not self._skip_escape():
                self._closing("'")
        elif quotes == '"':
            if not (self._skip_escape() or self._substitution()):
                self._closing('"')
        elif quotes == '"}':
            self._default_value()
        else:
            self._plain()

    def _closing(self, mark: str) -> None:
        if self.text[self.at] == mark:
            self.open.pop()
        self._take(1)

    def _skip_escape(self) -> bool:
        if self.text[self.at] != "\\" or self.text.startswith("{", self.at + 1):
            return False
        self._take(2)
        return True

    def _substitution(self) -> bool:
        """Enter ``$(…)``, ``${…}``, ``$((…))`` or backticks."""
        for begin, end in _ENTER.items():
            if self.text.startswith(begin, self.at):
                quoted = begin == "${" and self._quotes() in ('"', '"}')
                self.open.append('"}' if quoted else end)
                self._take(len(begin))
                return True
        return False

    def _default_value(self) -> None:
        """Walk in the word of a quoted ``"${name:-word}"``, where ``'`` is an ordinary character."""
        if self._skip_escape() or self._substitution():
            return
        if self.text[self.at] == '"':
            self.open.append('"')
            self._take(1)
        else:
            self._closing("}")

    def _plain(self) -> None:
        char = self.text[self.at]
        if self.text.startswith(self.open[-1], self.at):
            self._take(len(self.open.pop()))
        elif self.text.startswith("$'", self.at):
            self.open.append("$'")
            self._take(2)
        elif char in "'\"":
            self.open.append(char)
            self._take(1)
        elif char == "(" and (self.open[-1] in (")", "))") or self.text.startswith("((", self.at)):
            arithmetic = self.text.startswith("((", self.at)
            self.open.append("))" if arithmetic else ")")
            self._take(2 if arithmetic else 1)
        elif char == "#" and self._begins_word():
            self._comment()
        elif self.text.startswith("<<", self.at) and "))" not in self.open:
            self._document_mark()
        elif char == "\n" and self.documents:
            self._take(1)
            self._bodies()
        elif not (self._skip_escape() or self._substitution()):
            self._take(1)

    def _begins_word(self) -> bool:
        return self.at == 0 or self.text[self.at - 1] in _BEFORE_COMMENT

    def _comment(self) -> None:
        end = self.text.find("\n", self.at)
        self._take((len(self.text) if end < 0 else end) - self.at)

    def _document_mark(self) -> None:
        match = None if self.text.startswith("<<<", self.at) else _HEREDOC.match(self.text, self.at)
        if not match:
            self._take(3 if self.text.startswith("<<<", self.at) else 2)
            return
        dash, single, double, escaped, plain = match.groups()
        quoted = single is not None or double is not None or bool(escaped)
        self.documents.append((single or double or plain, quoted, bool(dash)))
        self._take(match.end() - self.at)

    def _bodies(self) -> None:
        """Copy the bodies of the pending here documents; text in them is not shell."""
        for delimiter, quoted, dash in self.documents:
            values = self.values
            if not quoted:
                values = {name: _in_document(value) for name, value in values.items()}
            line = None
            while self.at < len(self.text) and line != delimiter:
                end = self.text.find("\n", self.at)
                end = len(self.text) if end < 0 else end + 1
                line = self.text[self.at : end].rstrip("\n")
                line = line.lstrip("\t") if dash else line
                self.done.append(substitute(self.text[self.at : end], values))
                self.at = end
        self.documents.clear()
