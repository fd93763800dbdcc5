"""The few signs the screen draws with, in Unicode and in plain ASCII."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Glyphs:
    """One set of signs; every sign is one cell wide."""

    ascii_only: bool
    phases: Mapping[str, str]
    done: str
    """The finished part of a bar."""
    left: str
    """The rest of a bar."""
    rule: str
    cursor: str
    mark: str
    alarm: str
    ellipsis: str
    arrow: str
    rising: str
    """The smallest comes first."""
    falling: str
    """The largest comes first."""
    dot: str
    """Stands between facts of one line."""
    thumb: str
    """Where in a longer list the visible part lies."""
    spark: str
    """Heights, from nothing to all."""


UNICODE = Glyphs(
    ascii_only=False,
    phases=MappingProxyType(
        {
            "waiting": "○",
            "starting": "◔",
            "running": "●",
            "frozen": "■",
            "unreachable": "?",
            "backing_off": "↻",
            "held": "◆",
            "succeeded": "✓",
            "failed": "✗",
            "aborted": "⊘",
            "cancelled": "╌",
            "paused": "■",
            "done": "✓",
            "stopped": "■",
            "ramping": "◔",
            "probing": "◔",
            "busy": "●",
            "idle": "○",
            "dead_idle": "✗",
            "created": "◔",
            "exited": "╌",
            "unknown": "?",
        }
    ),
    done="━",
    left="─",
    rule="─",
    cursor="▌",
    mark="◉",
    alarm="▲",
    ellipsis="…",
    arrow="→",
    rising="↑",
    falling="↓",
    dot="·",
    thumb="▐",
    spark="▁▂▃▄▅▆▇█",
)

ASCII = Glyphs(
    ascii_only=True,
    phases=MappingProxyType(
        {
            "waiting": ".",
            "starting": ":",
            "running": "o",
            "frozen": "#",
            "unreachable": "?",
            "backing_off": "~",
            "held": "=",
            "succeeded": "+",
            "failed": "x",
            "aborted": "!",
            "cancelled": "-",
            "paused": "#",
            "done": "+",
            "stopped": "#",
            "ramping": ":",
            "probing": ":",
            "busy": "o",
            "idle": ".",
            "dead_idle": "x",
            "created": ":",
            "exited": "-",
            "unknown": "?",
        }
    ),
    done="#",
    left=".",
    rule="-",
    cursor=">",
    mark="*",
    alarm="!",
    ellipsis="~",
    arrow=">",
    rising="^",
    falling="v",
    dot="|",
    thumb="|",
    spark="_.:-=+*#",
)


def glyphs_for(environ: Mapping[str, str], encoding: str) -> Glyphs:
    """Return the signs that a terminal with this locale can show.

    Python turns the bare C locale into UTF-8 on its own, so a locale that is named decides and
    ``encoding`` (of the output stream) only where none is.
    """
    locale = environ.get("LC_ALL") or environ.get("LC_CTYPE") or environ.get("LANG") or encoding
    return UNICODE if "utf" in locale.lower() else ASCII
