"""Reads JSON without the json package, which loads regular expressions and enums first.

The package's own C scanner does the work. Where it cannot be had, the package is asked after all.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeGuard

_CONSTANTS = {name: float(name) for name in ("NaN", "Infinity", "-Infinity")}


class _Context:
    """What the scanner wants to know: everything as ``json.loads`` has it by default."""

    strict = True
    object_hook = None
    object_pairs_hook = None
    parse_float = float
    parse_int = int
    parse_constant = _CONSTANTS.__getitem__


def loads(text: str | bytes) -> "Any":
    """Return the value that the JSON ``text`` stands for; what follows it is not looked at.

    Raises:
        ValueError: the text is no JSON.
    """
    plain = (text if isinstance(text, str) else text.decode()).lstrip()
    try:
        from _json import make_scanner

        context: Any = _Context()
        scan = make_scanner(context)
    except (ImportError, AttributeError):
        return _by_the_package(plain)
    try:
        return scan(plain, 0)[0]
    except (StopIteration, SystemError):
        # Without the package the scanner of Python 3.11 finds no exception that it could raise.
        raise ValueError("no JSON") from None


def is_object(value: object) -> "TypeGuard[dict[str, Any]]":
    """Say whether ``value``, read from JSON, is an object."""
    return isinstance(value, dict)


def _by_the_package(text: str) -> "Any":
    import json

    return json.loads(text)


def dumps(value: object) -> str:
    """Return ``value`` as one line of JSON; the package takes a while to import."""
    import json

    return json.dumps(value)
