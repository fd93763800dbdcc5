"""Colour themes: base colours plus tokens of ours, every token with a default."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from types import MappingProxyType
from typing import cast

from textual.color import Color, ColorParseError
from textual.theme import BUILTIN_THEMES, Theme

BASE = (
    "primary",
    "secondary",
    "accent",
    "warning",
    "error",
    "success",
    "foreground",
    "background",
    "surface",
    "panel",
)
"""What ``colors:`` of a theme file may name; ``primary`` must be there."""

TOKENS: Mapping[str, str] = MappingProxyType(
    {
        "dim": "foreground-muted",
        "rule": "panel",
        "key": "accent",
        "cursor": "primary-muted",
        "cursor-text": "foreground",
        "cursor-blurred": "panel",
        "alarm": "error",
        "alarm-text": "background",
        "task-waiting": "foreground-muted",
        "task-starting": "primary",
        "task-running": "primary",
        "task-frozen": "secondary",
        "task-unreachable": "warning",
        "task-backing-off": "warning",
        "task-held": "accent",
        "task-succeeded": "success",
        "task-failed": "error",
        "task-aborted": "error",
        "task-cancelled": "foreground-muted",
    }
)
"""Our tokens, each with the colour it takes when a theme file does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeSpec:
    """One theme as its file gives it. Colours are CSS colours or ``ansi_*`` names."""

    name: str
    dark: bool = True
    ansi: bool = False
    """Use the terminal's own 16 colours."""
    colors: Mapping[str, str]
    tokens: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


class ThemeError(ValueError):
    """A theme cannot be used; ``place`` are the keys that lead to what is wrong."""

    def __init__(self, place: tuple[str, ...], words: str) -> None:
        super().__init__(f"{'.'.join(place)}: {words}" if place else words)
        self.place = place


def theme_spec(name: str, document: Mapping[str, object]) -> ThemeSpec:
    """Return the theme that ``document`` (a theme file, parsed) describes.

    Raises:
        ThemeError: a key, colour name or token is unknown, a colour is none, or ``primary`` is
            missing.
    """
    _check_names((), document, ("dark", "ansi", "colors", "tokens"))
    colors = _colors("colors", document, BASE)
    tokens = _colors("tokens", document, TOKENS)
    if "primary" not in colors:
        raise ThemeError(("colors",), "primary is missing; it is the least a theme must say")
    return ThemeSpec(
        name=name,
        dark=_flag("dark", document, default=True),
        ansi=_flag("ansi", document, default=False),
        colors=colors,
        tokens=tokens,
    )


def _check_names(
    place: tuple[str, ...], document: Mapping[str, object], known: Iterable[str]
) -> None:
    for name in document:
        if name not in known:
            near = get_close_matches(name, list(known), n=1, cutoff=0.6)
            hint = f', did you mean "{near[0]}"?' if near else f"; known are {', '.join(known)}"
            raise ThemeError((*place, name), f"unknown{hint}")


def _flag(name: str, document: Mapping[str, object], *, default: bool) -> bool:
    value = document.get(name, default)
    if value not in (True, False, "true", "false"):
        raise ThemeError((name,), f'is true or false, not "{value}"')
    return value in (True, "true")


def _colors(key: str, document: Mapping[str, object], known: Iterable[str]) -> Mapping[str, str]:
    value = document.get(key)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise ThemeError((key,), "maps names to colours")
    pairs = cast("Mapping[str, object]", value)
    _check_names((key,), pairs, known)
    for word, color in pairs.items():
        try:
            Color.parse(str(color))
        except ColorParseError as error:
            near = error.suggested_color
            hint = (
                f', did you mean "{near}"?'
                if near
                else " (such as red, ansi_red, or # and six digits)"
            )
            raise ThemeError((key, word), f'"{color}" is no colour{hint}') from error
    return {word: str(color) for word, color in pairs.items()}


def first_theme(themes: Mapping[str, ThemeSpec], wanted: str, *, no_color: bool) -> str | None:
    """Return the theme to begin with; where no colours are wanted, one that adds none of its own."""
    if no_color:
        wanted = next((name for name, spec in themes.items() if spec.ansi), wanted)
    return wanted if wanted in themes else None


def textual_theme(spec: ThemeSpec) -> Theme:
    """Return ``spec`` as Textual wants it."""
    return Theme(
        name=spec.name,
        dark=spec.dark,
        ansi=spec.ansi,
        variables=dict(spec.tokens),
        **{word: spec.colors[word] for word in BASE if word in spec.colors},  # type: ignore[arg-type]
    )


def token_defaults(theme: Theme) -> dict[str, str]:
    """Return a value for every token the theme leaves out, taken from its own base colours."""
    # Textual's own styles name variables that only its own ANSI themes set.
    defaults = dict(BUILTIN_THEMES["ansi-dark"].variables) if theme.ansi else {}
    if missing := set(TOKENS) - set(theme.variables):
        generated = {**theme.to_color_system().generate(), **theme.variables}
        defaults.update({token: generated[TOKENS[token]] for token in missing})
    return defaults
