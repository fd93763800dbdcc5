"""The engine's own log: one JSON object a line, at most 3 files of 10 MiB."""

import json
import logging
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path

from typing_extensions import override

from supervisor.core.redact import redact

_SIZE_BYTES = 10 << 20
_OLDER = 2
_USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """Writes a record as one JSON object: time, level, logger, message, its ``extra``, traceback."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        facts: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        facts |= {key: value for key, value in vars(record).items() if key not in _USUAL}
        if record.exc_info:
            facts["traceback"] = self.formatException(record.exc_info)
        return redact(json.dumps(facts, default=str))


def log_to(path: Path) -> logging.Handler:
    """Send every record of ours from INFO up to ``path``; return the handler to close.

    Of libraries only what is a warning: each change to a watched file would be a line, and push out
    what matters.
    """
    handler = RotatingFileHandler(
        path, maxBytes=_SIZE_BYTES, backupCount=_OLDER, encoding="utf-8", delay=True
    )
    handler.setFormatter(JsonLines())
    handler.addFilter(_is_worth_a_line)
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    return handler


def _is_worth_a_line(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING or record.name.startswith("supervisor.")
