"""What a JSON document reports as an error, as lines: answers of models and other content stay out."""

import json
import re
from collections.abc import Iterator
from typing import cast

_ERROR_KEY = re.compile(r"(?i)err|exception|traceback|fail|stack_?trace|rate_?limit")
_TELLS = re.compile(r"(?i)(?:error|exception|rate_?limit)s?(?:_?(?:info|message|msg|type))?")
"""Keys of a result that stand empty where all went well."""
_RAISED = re.compile(r"[\w.]*(?:Error|Exception)\b\s*:")
_ANSWER_KEY = re.compile(
    r"(?i)answer|predict|output|response|content|text|completion|result|message|prompt|question"
    r"|target|input|expected"
)
"""What stands there may be about errors, and is none."""
_VERDICT = {"error", "errored", "failed", "failure", "rate_limited"}
_DEEPEST = 50
_LONGEST = 20_000
"""Characters of one text that are kept, the last ones: there it says what happened."""


def reported(document: bytes) -> str | None:
    """Return the lines of a whole JSON document that tell of errors; None: it is no JSON."""
    try:
        value = json.loads(document)
    except (ValueError, RecursionError):
        return None
    return "\n".join(_lines(value, "", telling=False, depth=0))


def says_failed(document: bytes) -> bool:
    """Tell whether a whole JSON document says of itself that its work came to nothing."""
    try:
        value = json.loads(document)
    except (ValueError, RecursionError):
        return False
    if not isinstance(value, dict):
        return False
    fields = cast("dict[str, object]", value)
    if fields.get("success") is True or fields.get("status") == "success":
        return False
    return _is_failure(fields) or any(
        _is_raised(key, inner)
        or (_TELLS.fullmatch(key) and inner and isinstance(inner, str | dict))
        for key, inner in fields.items()
    )


def _lines(value: object, key: str, *, telling: bool, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    if isinstance(value, dict):
        yield from _of_object(cast("dict[str, object]", value), telling=telling, depth=depth)
    elif isinstance(value, list):
        for item in cast("list[object]", value):
            yield from _lines(item, key, telling=telling, depth=depth + 1)
    elif telling and isinstance(value, str):
        yield from _said(key, value[-_LONGEST:])
    elif telling and isinstance(value, int) and not isinstance(value, bool):
        yield f"{key}: {value}"


def _of_object(value: dict[str, object], *, telling: bool, depth: int) -> Iterator[str]:
    failed = telling or _is_failure(value)
    for key, inner in value.items():
        tells = telling or bool(_ERROR_KEY.search(key)) or (failed and _is_plain(inner))
        tells = tells or (depth == 0 and _is_raised(key, inner))
        yield from _lines(inner, key, telling=tells, depth=depth + 1)


def _is_raised(key: str, value: object) -> bool:
    """Tell whether a field begins as an exception does: ``"reason": "WorkerError: …"``."""
    raised = isinstance(value, str) and _RAISED.match(value)
    return bool(raised) and not _ANSWER_KEY.search(key)


def _is_plain(value: object) -> bool:
    return not isinstance(value, dict | list)


def _is_failure(value: dict[str, object]) -> bool:
    """Tell whether an object says of itself that it is an error."""
    flagged = any(value.get(name) is True for name in ("is_error", "isError", "isApiErrorMessage"))
    words = (value.get("status"), value.get("subtype"), value.get("type"), value.get("outcome"))
    return flagged or value.get("success") is False or any(_is_verdict(word) for word in words)


def _is_verdict(word: object) -> bool:
    return isinstance(word, str) and (word.lower() in _VERDICT or word.lower().startswith("error"))


def _said(key: str, text: str) -> Iterator[str]:
    """A text of one line needs to be called an error; one of several is a traceback or a log."""
    lines = text.strip().splitlines()
    if len(lines) == 1:
        is_error = _ERROR_KEY.search(key) or _RAISED.match(lines[0])
        yield f"error: {lines[0]}" if is_error else f"{key}: {lines[0]}"
    else:
        yield from lines
