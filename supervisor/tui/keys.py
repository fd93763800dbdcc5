"""Names of keys as people write them."""

from collections.abc import Mapping
from types import MappingProxyType

_SHOWN: Mapping[str, str] = MappingProxyType(
    {
        "plus": "+",
        "left_square_bracket": "[",
        "right_square_bracket": "]",
        "left": "←",
        "right": "→",
        "equals_sign": "=",
        "minus": "-",
        "slash": "/",
        "colon": ":",
        "question_mark": "?",
        "exclamation_mark": "!",
        "asterisk": "*",
        "escape": "Esc",
        "enter": "Enter",
        "space": "Space",
        "tab": "Tab",
        "shift+tab": "S-Tab",
        "down": "↓",
        "up": "↑",
        "pagedown": "PgDn",
        "pageup": "PgUp",
        "home": "Home",
        "end": "End",
    }
)


def key_name(key: str, *, ascii_only: bool = False) -> str:
    """Return ``key`` (as Textual names it) as people write it."""
    if ascii_only and key in ("up", "down", "left", "right"):
        return key.capitalize()
    return _SHOWN.get(key, key)
