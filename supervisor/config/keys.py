"""Reads the operator's own keys: ``keys.yaml`` in the user's configuration directory."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, cast

from supervisor.config.data import user_folder
from supervisor.core.own_keys import OwnKeys
from supervisor.ports import ConfigError

if TYPE_CHECKING:
    from supervisor.config.source import Document, Plain

FILE = "keys.yaml"


def keys_file(env: Mapping[str, str]) -> Path:
    """Return where the operator's own keys are, whether or not the file exists."""
    return user_folder(env) / FILE


def read_own_keys(path: Path) -> tuple[tuple[OwnKeys, ...], tuple[str, ...]]:
    """Return what ``path`` says, line by line, and what is wrong with its form.

    Whether the actions and keys exist is for the screen to say. A file that is not there says
    nothing; one that cannot be read is complained of, and says nothing either.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return (), ()
    except (OSError, UnicodeDecodeError) as error:
        return (), (f"{path}: {error}",)
    from supervisor.config.source import read

    try:
        document = read(text, str(path))
    except ConfigError as error:
        return (), tuple(str(error).splitlines())
    return _lines(document)


def _lines(document: "Document") -> tuple[tuple[OwnKeys, ...], tuple[str, ...]]:
    if document.value is None:
        return (), ()
    if not isinstance(document.value, dict):
        return (), (f"{document.name}:1: each line is an action and its keys, as `pause: p`",)
    found: list[OwnKeys] = []
    faults: list[str] = []
    for action, value in document.value.items():
        where = f"{document.name}:{document.line((action,))}"
        keys = cast("list[Plain]", value if isinstance(value, list) else [value])
        names = tuple(key for key in keys if isinstance(key, str) and key)
        if len(names) == len(keys):
            found.append(OwnKeys(where=where, action=action, keys=names))
        else:
            faults.append(
                f"{where}: {action}: a key or a list of keys; [] takes all away, and a sign that"
                " YAML knows needs quotes"
            )
    return tuple(found), tuple(faults)
