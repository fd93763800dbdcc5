"""Reads colour themes into plain mappings.

``python -m supervisor.config.themes`` builds ``themes/built.json`` from ``themes/*.yaml``: a screen
shows its first picture sooner without a YAML parser.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from supervisor.ports import ConfigError

if TYPE_CHECKING:
    from supervisor.config.source import Document

BUILT = "built.json"


def load_themes(folders: Iterable[Path]) -> Mapping[str, Mapping[str, object]]:
    """Return every ``NAME.yaml`` of ``folders`` by name; the first folder that has a name wins.

    Folders that do not exist are passed over. A folder's ``built.json`` stands for the files that
    it was built from.

    Raises:
        ConfigError: a file is not YAML, or not a mapping.
    """
    themes: dict[str, Mapping[str, object]] = {}
    for folder in folders:
        built = _built_in(folder)
        for path in sorted(folder.glob("*.yaml")):
            if path.stem not in themes:
                themes[path.stem] = built.get(path.stem) or _load(path)
    return themes


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTheme:
    """A theme of the operator's own, with the lines of its keys."""

    name: str
    document: Mapping[str, object]
    source: "Document"

    def where(self, place: tuple[str, ...]) -> str:
        """Return file and line of what lies at ``place``."""
        return f"{self.source.name}:{self.source.line(place)}"


def own_themes(folder: Path) -> tuple[tuple[OwnTheme, ...], tuple[str, ...]]:
    """Return the themes of the user's own ``folder``, and what is wrong with files that are none.

    Whether their colours are any is for the screen to say.
    """
    found: list[OwnTheme] = []
    faults: list[str] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            found.append(_own(path))
        except ConfigError as error:
            faults += str(error).splitlines()
        except (OSError, UnicodeDecodeError) as error:
            faults.append(f"{path}: {error}")
    return tuple(found), tuple(faults)


def _own(path: Path) -> OwnTheme:
    from supervisor.config.source import read

    source = read(path.read_text(encoding="utf-8"), str(path))
    if not isinstance(source.value, dict):
        raise ConfigError([f"{path}:1: a theme is a mapping with dark, colors and tokens"])
    return OwnTheme(name=path.stem, document=source.value, source=source)


def built(folder: Path) -> str:
    """Return what belongs into ``built.json`` of ``folder``.

    Raises:
        ConfigError: as for ``load_themes``.
    """
    themes = {path.stem: _load(path) for path in sorted(folder.glob("*.yaml"))}
    return json.dumps(themes, indent=1) + "\n"


def _built_in(folder: Path) -> Mapping[str, Mapping[str, object]]:
    try:
        text = (folder / BUILT).read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    try:
        themes: dict[str, dict[str, object]] = json.loads(text)
    except ValueError as error:
        raise ConfigError([f"{folder / BUILT}: {error}; install overnight again"]) from error
    return themes


def _load(path: Path) -> Mapping[str, object]:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        yaml: Any = YAML(typ="safe", pure=True)  # ruamel leaves its arguments without types
        document: object = yaml.load(path.read_text(encoding="utf-8"))
    except (YAMLError, UnicodeDecodeError) as error:
        raise ConfigError([f"{path}: {error}"]) from error
    if not isinstance(document, Mapping):
        raise ConfigError([f"{path}: a theme is a mapping with dark, colors and tokens"])
    return {str(key): value for key, value in cast("Mapping[object, object]", document).items()}


def main() -> int:
    """Build the file that this checkout carries."""
    folder = Path(__file__).parents[2] / "themes"
    try:
        text = built(folder)
    except ConfigError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    (folder / BUILT).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
