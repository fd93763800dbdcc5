"""Reads colour themes from YAML files into plain mappings."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, cast

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from supervisor.ports import ConfigError


def load_themes(folders: Iterable[Path]) -> Mapping[str, Mapping[str, object]]:
    """Return every ``NAME.yaml`` of ``folders`` by name; the first folder that has a name wins.

    Folders that do not exist are passed over.

    Raises:
        ConfigError: a file is not YAML, or not a mapping.
    """
    themes: dict[str, Mapping[str, object]] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.yaml")):
            if path.stem not in themes:
                themes[path.stem] = _load(path)
    return themes


def _load(path: Path) -> Mapping[str, object]:
    try:
        yaml: Any = YAML(typ="safe", pure=True)  # ruamel leaves its arguments without types
        document: object = yaml.load(path.read_text(encoding="utf-8"))
    except (YAMLError, UnicodeDecodeError) as error:
        raise ConfigError([f"{path}: {error}"]) from error
    if not isinstance(document, Mapping):
        raise ConfigError([f"{path}: a theme is a mapping with dark, colors and tokens"])
    return {str(key): value for key, value in cast("Mapping[object, object]", document).items()}
