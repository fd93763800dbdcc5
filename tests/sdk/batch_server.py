"""A local server that speaks the batch endpoints of OpenAI and Anthropic, for their real SDKs.

The model's name chooses what becomes of a request: ``fine``; ``flaky`` (fails in its first batch);
``stubborn`` (always); ``policy`` (refused for its content); ``expires`` (in its first batch). A batch
ends at its second look. ``vanish`` makes the server take a batch and close the connection unanswered.
"""

import json
import re
import threading
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Batches:
    """What the server was sent; shared by both dialects."""

    def __init__(self) -> None:
        self.files: dict[str, str] = {}
        self.batches: dict[str, dict[str, Any]] = {}
        self.vanish = 0
        """So many submissions get no answer."""
        self.refuse = 0
        """So many are refused with 429."""
        self.whole_failure = False
        self._seen: Counter[str] = Counter()

    @property
    def sent(self) -> list[list[str]]:
        """The ids of each batch's requests."""
        return [[one["custom_id"] for one in batch["rows"]] for batch in self.batches.values()]

    def accept(self, rows: list[dict[str, Any]], metadata: object) -> dict[str, Any]:
        batch = {
            "id": f"batch_{len(self.batches)}",
            "rows": rows,
            "fates": {one["custom_id"]: self._fate(one) for one in rows},
            "looks": 0,
            "metadata": metadata,
            "made": datetime.now(UTC),
        }
        self.batches[batch["id"]] = batch
        return batch

    def look(self, batch_id: str) -> dict[str, Any]:
        batch = self.batches[batch_id]
        batch["looks"] += 1
        return batch

    def _fate(self, row: dict[str, Any]) -> str:
        model = (row.get("body") or row.get("params"))["model"]
        self._seen[row["custom_id"]] += 1
        first = self._seen[row["custom_id"]] == 1
        return {
            "flaky": "error" if first else "fine",
            "stubborn": "error",
            "policy": "policy",
            "expires": "expired" if first else "fine",
        }.get(model, "fine")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    state: Batches

    def do_POST(self) -> None:
        data = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/v1/files":
            self._send(self._file(data))
        elif self.state.refuse:
            self.state.refuse -= 1
            error = {"type": "rate_limit_error", "message": "Rate limit reached: too many batches"}
            self._send({"type": "error", "error": error}, status=429)
        elif self.path == "/v1/batches":
            wanted = json.loads(data)
            lines = self.state.files[wanted["input_file_id"]].splitlines()
            self._accepted([json.loads(line) for line in lines], wanted.get("metadata"))
        else:
            self._accepted(json.loads(data)["requests"], None)

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        *_, last = path.split("/")
        if path in {"/v1/batches", "/v1/messages/batches"}:
            newest = [self._document(one) for one in reversed(self.state.batches.values())]
            page = {"data": newest, "has_more": False, "object": "list"}
            self._send(page | {"first_id": None, "last_id": None})
        elif last == "content":
            self._send_text(self.state.files[path.split("/")[-2]])
        elif last == "results":
            batch = self.state.batches[path.split("/")[-2]]
            self._send_text("".join(f"{json.dumps(row)}\n" for row in _anthropic_rows(batch)))
        else:
            self._send(self._document(self.state.look(last)))

    def _file(self, data: bytes) -> dict[str, Any]:
        boundary = re.search(r"boundary=(\S+)", self.headers["Content-Type"])
        assert boundary is not None
        part = next(one for one in data.split(b"--" + boundary[1].encode()) if b"filename=" in one)
        file_id = f"file-{len(self.state.files)}"
        self.state.files[file_id] = part.split(b"\r\n\r\n", 1)[1].rstrip(b"\r\n").decode()
        return {
            "id": file_id, "object": "file", "bytes": len(data), "created_at": 1,
            "filename": "requests.jsonl", "purpose": "batch", "status": "processed",
        }  # fmt: skip

    def _accepted(self, rows: list[dict[str, Any]], metadata: object) -> None:
        batch = self.state.accept(rows, metadata)
        if self.state.vanish:
            self.state.vanish -= 1
            self.close_connection = True
            self.connection.close()
            return
        self._send(self._document(batch))

    def _document(self, batch: dict[str, Any]) -> dict[str, Any]:
        ended = batch["looks"] >= 2
        if "/messages/" in self.path:
            return _anthropic_document(batch, ended=ended)
        if ended and "output_file_id" not in batch and not self.state.whole_failure:
            good, bad = _openai_rows(batch)
            for name, rows in (("output_file_id", good), ("error_file_id", bad)):
                batch[name] = f"file-{len(self.state.files)}" if rows else None
                if rows:
                    self.state.files[batch[name]] = "".join(f"{json.dumps(row)}\n" for row in rows)
        return _openai_document(batch, ended=ended, failed=ended and self.state.whole_failure)

    def _send(self, body: object, *, status: int = 200) -> None:
        self._send_bytes(json.dumps(body).encode(), "application/json", status)

    def _send_text(self, text: str) -> None:
        self._send_bytes(text.encode(), "application/x-jsonl", 200)

    def _send_bytes(self, payload: bytes, kind: str, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Stay silent."""


def _openai_document(batch: dict[str, Any], *, ended: bool, failed: bool) -> dict[str, Any]:
    error = {"code": "token_limit_exceeded", "message": "Enqueued token limit reached"}
    return {
        "id": batch["id"],
        "object": "batch",
        "endpoint": "/v1/chat/completions",
        "completion_window": "24h",
        "created_at": int(batch["made"].timestamp()),
        "input_file_id": "file-0",
        "status": "failed" if failed else "completed" if ended else "in_progress",
        "errors": {"object": "list", "data": [error]} if failed else None,
        "metadata": batch["metadata"],
        "output_file_id": batch.get("output_file_id"),
        "error_file_id": batch.get("error_file_id"),
    }


def _openai_rows(batch: dict[str, Any]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    good: list[dict[str, Any]] = []
    bad: list[dict[str, Any]] = []
    for custom_id, fate in batch["fates"].items():
        row: dict[str, Any] = {"id": f"r_{custom_id}", "custom_id": custom_id, "error": None}
        match fate:
            case "fine":
                answer = {"object": "chat.completion", "choices": [{"index": 0}]}
                good.append(row | {"response": {"status_code": 200, "body": answer}})
            case "expired":
                error = {"code": "batch_expired", "message": "not executed in the window"}
                bad.append(row | {"response": None, "error": error})
            case _:
                status, code = (
                    (400, "content_policy_violation") if fate == "policy" else (500, None)
                )
                body = {"error": {"message": "no", "type": "server_error", "code": code}}
                bad.append(row | {"response": {"status_code": status, "body": body}})
    return good, bad


def _anthropic_document(batch: dict[str, Any], *, ended: bool) -> dict[str, Any]:
    counts = dict.fromkeys(("canceled", "errored", "expired", "succeeded", "processing"), 0)
    counts["succeeded" if ended else "processing"] = len(batch["rows"])
    return {
        "id": batch["id"],
        "type": "message_batch",
        "processing_status": "ended" if ended else "in_progress",
        "request_counts": counts,
        "created_at": batch["made"].isoformat(),
        "expires_at": batch["made"].isoformat(),
        "ended_at": batch["made"].isoformat() if ended else None,
        "archived_at": None,
        "cancel_initiated_at": None,
        "results_url": f"/v1/messages/batches/{batch['id']}/results" if ended else None,
    }


def _anthropic_rows(batch: dict[str, Any]) -> Generator[dict[str, Any]]:
    for custom_id, fate in batch["fates"].items():
        match fate:
            case "fine":
                message = {
                    "id": "m", "type": "message", "role": "assistant", "model": "fine",
                    "content": [{"type": "text", "text": "fine"}],
                    "stop_reason": "end_turn", "stop_sequence": None,
                    "usage": {"input_tokens": 1, "output_tokens": 1},
                }  # fmt: skip
                result: dict[str, Any] = {"type": "succeeded", "message": message}
            case "expired":
                result = {"type": "expired"}
            case _:
                kind = "invalid_request_error" if fate == "policy" else "api_error"
                error = {"type": "error", "error": {"type": kind, "message": "no"}}
                result = {"type": "errored", "error": error}
        yield {"custom_id": custom_id, "result": result}


@contextmanager
def batch_server() -> Generator[tuple[str, Batches]]:
    """Serve on a free port of this machine; yields the base address and what was sent."""
    state = Batches()
    handler = type("Handler", (_Handler,), {"state": state})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, name="batches", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
