"""Colour themes: base colours plus tokens of ours, every token with a default."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import cast

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


def theme_spec(name: str, document: Mapping[str, object]) -> ThemeSpec:
    """Return the theme that ``document`` (a theme file, parsed) describes.

    Raises:
        ValueError: a key, colour name or token is unknown, or ``primary`` is missing.
    """
    unknown = set(document) - {"dark", "ansi", "colors", "tokens"}
    colors = _texts(name, "colors", document.get("colors"))
    tokens = _texts(name, "tokens", document.get("tokens"))
    unknown |= (set(colors) - set(BASE)) | (set(tokens) - set(TOKENS))
    if unknown:
        raise ValueError(f"theme {name}: unknown {', '.join(sorted(unknown))}")
    if "primary" not in colors:
        raise ValueError(f"theme {name}: colors: primary is missing")
    return ThemeSpec(
        name=name,
        dark=document.get("dark", True) is True,
        ansi=document.get("ansi", False) is True,
        colors=colors,
        tokens=tokens,
    )


def _texts(name: str, key: str, value: object) -> Mapping[str, str]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise ValueError(f"theme {name}: {key} must map names to colours")
    pairs = cast("Mapping[object, object]", value)
    return {str(word): str(color) for word, color in pairs.items()}


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
