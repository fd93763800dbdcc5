"""What the screen remembers of a person between two evenings: small, and never worth an error."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import cast

FILE = "screen.json"


class Habits:
    """Names and values in ``screen.json`` in ``folder``, the user's state directory."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE

    def all(self) -> Mapping[str, str]:
        """Return what was kept; nothing where the file is missing, damaged or out of reach."""
        try:
            document: object = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        if not isinstance(document, dict):
            return {}
        pairs = cast("Mapping[object, object]", document)
        return {str(name): str(value) for name, value in pairs.items()}

    def keep(self, name: str, value: str) -> None:
        """Remember a value, beside what other screens kept meanwhile.

        Raises:
            OSError: it cannot be written; what was kept is still there.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = self._path.with_name(f"{FILE}.{os.getpid()}")
        try:
            beside.write_text(json.dumps({**self.all(), name: value}) + "\n", encoding="utf-8")
            beside.replace(self._path)
        finally:
            beside.unlink(missing_ok=True)
