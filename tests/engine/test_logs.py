"""The engine's log is JSON lines that carry their facts and no secrets."""

import json
import logging
from pathlib import Path

from supervisor.engine.logs import log_to


def test_a_record_is_one_json_line(tmp_path: Path) -> None:
    before = logging.getLogger().level
    handler = log_to(tmp_path / "engine.log")
    log = logging.getLogger("supervisor.engine.test")
    try:
        log.info("launched", extra={"task": "a/1"})
        logging.getLogger("watchfiles.main").info("1 change detected")
        try:
            raise ValueError("token=sk-abcdefghijklmnop0123456789")
        except ValueError:
            log.exception("fault")
        logging.getLogger("watchfiles.main").warning("no more watches")
    finally:
        logging.getLogger().removeHandler(handler)
        logging.getLogger().setLevel(before)
        handler.close()
    text = (tmp_path / "engine.log").read_text()
    first, second, third = (json.loads(line) for line in text.splitlines())
    assert (first["message"], first["task"], first["level"]) == ("launched", "a/1", "info")
    assert "ValueError" in second["traceback"]
    assert third["message"] == "no more watches"
    assert "sk-abc" not in text
