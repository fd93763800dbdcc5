"""Small state in JSON files that are whole at every moment."""

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from supervisor.kit.errors import CheckpointError

StrPath = str | os.PathLike[str]


def write_json(path: StrPath, value: object) -> None:
    """Replace the file at ``path`` by ``value`` as JSON, durably; readers see the old or the new.

    Raises:
        CheckpointError: it could not be written; the old file is as it was.
        TypeError: ``value`` is nothing that JSON has.
    """
    place = Path(path)
    data = (json.dumps(value, indent=1) + "\n").encode()
    # In the same directory, or it could not be renamed; two writers do not meet in it.
    draft = place.with_name(f".{place.name}.{os.getpid()}.new")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        _write(draft, data)
        draft.replace(place)
        sync_directory(place.parent)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        raise CheckpointError(f"{place}: not written: {error.strerror}") from error


def read_json(path: StrPath, default: Any = None) -> Any:
    """Return what the JSON file at ``path`` holds, ``default`` where there is none.

    Raises:
        CheckpointError: there is one, and it cannot be read.
    """
    try:
        return json.loads(Path(path).read_bytes())
    except FileNotFoundError:
        return default
    except OSError as error:
        raise CheckpointError(f"{path}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise CheckpointError(f"{path}: no JSON: {error}; move it away to begin anew") from error


def sync_directory(place: Path) -> None:
    """Make the names in a directory durable, where its file system can.

    Raises:
        OSError: it could not be opened.
    """
    descriptor = os.open(place, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        # Some network file systems know no fsync of a directory, and need none.
        with suppress(OSError):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o666)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
