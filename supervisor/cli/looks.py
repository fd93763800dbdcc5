"""How the screen of this user looks and what its keys are: his own files over those of the package."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from supervisor.config.data import shipped, user_folder
from supervisor.config.habits import Habits
from supervisor.config.keys import keys_file, read_own_keys
from supervisor.config.themes import load_themes, own_themes
from supervisor.tui.glyphs import Glyphs, glyphs_for
from supervisor.tui.keymap import Keymap, keymap_of
from supervisor.tui.settings import Settings
from supervisor.tui.theme import ThemeError, ThemeSpec, theme_spec

DEFAULT_THEME = "night"
_LEAN_THEME = "ansi-16"
_MANY_COLORS = ("256color", "kitty")
"""How the name of a terminal ends that has more than sixteen colours; Rich goes by the same."""
_STATE = ".local/state/overnight"
"""Where engines announce themselves, too; their module takes long to import."""
_LOG_KEPT = 256 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """Everything about a screen that is not about a batch."""

    themes: Mapping[str, ThemeSpec]
    theme: str
    settings: Settings
    glyphs: Glyphs


def looks(env: Mapping[str, str], home: Path) -> Looks:
    """Return what this user's screen is like; what is wrong with his files is in ``settings``."""
    themes, theme_faults = all_themes(env)
    keymap, key_faults = own_keymap(env)
    habits = Habits(home / _STATE)
    known = habits.all()
    wanted, said = chosen_theme(env, known.get("theme", ""), themes)
    return Looks(
        themes=themes,
        theme=wanted,
        glyphs=glyphs_for(started_with(), sys.stdout.encoding or ""),
        settings=Settings(
            keymap=keymap,
            complaints=(*key_faults, *theme_faults, *said),
            newcomer="greeted" not in known,
            remember=habits.keep,
            log_fault=lambda text: log_fault(home, text),
        ),
    )


def all_themes(env: Mapping[str, str]) -> tuple[Mapping[str, ThemeSpec], tuple[str, ...]]:
    """Return every theme by name, the user's own before those of the package, and his faults."""
    documents = load_themes(shipped("themes"))
    themes = {name: theme_spec(name, document) for name, document in documents.items()}
    own, faults = own_themes(user_folder(env) / "themes")
    complaints = list(faults)
    for theme in own:
        try:
            themes[theme.name] = theme_spec(theme.name, theme.document)
        except ThemeError as error:
            complaints.append(f"{theme.where(error.place)}: {error}")
    return themes, tuple(complaints)


def own_keymap(env: Mapping[str, str]) -> tuple[Keymap, tuple[str, ...]]:
    """Return the keys in force, and what is wrong with the user's own."""
    lines, faults = read_own_keys(keys_file(env))
    keymap, more = keymap_of(lines)
    return keymap, (*faults, *more)


def chosen_theme(
    env: Mapping[str, str], remembered: str, themes: Mapping[str, ThemeSpec]
) -> tuple[str, tuple[str, ...]]:
    """Return the theme to begin with, and a complaint if the one asked for does not exist.

    What ``OVERNIGHT_THEME`` says comes first, then what was chosen last, then what the terminal
    can show.
    """
    asked = env.get("OVERNIGHT_THEME", "")
    if asked in themes:
        return asked, ()
    fallback = DEFAULT_THEME if has_many_colors(env) else _LEAN_THEME
    if remembered in themes and (has_many_colors(env) or themes[remembered].ansi):
        fallback = remembered
    if not asked:
        return fallback, ()
    known = ", ".join(sorted(themes))
    return fallback, (f"OVERNIGHT_THEME={asked}: there is no such theme; there are {known}",)


def has_many_colors(env: Mapping[str, str]) -> bool:
    """Return whether the terminal, as far as its name tells, has more than sixteen colours."""
    if env.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit"):
        return True
    return env.get("TERM", "").rpartition("-")[2] in _MANY_COLORS


def started_with(own: Path = Path("/proc/self/environ")) -> Mapping[str, str]:
    """Return the environment as the shell gave it.

    In the C locale Python sets LC_CTYPE to UTF-8 before anything of ours runs (PEP 538), and what
    the terminal can show could no longer be told.
    """
    try:
        pairs = own.read_bytes().split(b"\0")
    except OSError:
        return os.environ
    return dict(os.fsdecode(pair).split("=", 1) for pair in pairs if b"=" in pair)


def log_fault(home: Path, text: str) -> str:
    """Append why a screen failed to ``screen.log``; return its path, or nothing if it cannot be."""
    path = home / _STATE / "screen.log"
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if path.exists() and path.stat().st_size > _LOG_KEPT:
            path.replace(path.with_suffix(".log.1"))
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S %z}\n{text}\n")
    except OSError:
        return ""
    return str(path)
