"""A local server that speaks enough of the OpenAI and Anthropic APIs to make their SDKs fail truly.

The model's name chooses what a request meets: ``auth``, ``rate``, ``error500``, ``overloaded``,
``slow``, ``reset``, ``quota``, ``missing`` or ``fine``. A fault is met once for each ``X-Task`` header; the
second request of the same task is answered. ``auth`` is met until the token ``fresh`` comes.
``quota-always`` is met by every request, and ``rate-8s`` by all within 8 s of that model's first.
"""

import json
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

RETRY_AFTER_S = 2

OPENAI_ERRORS: dict[str, tuple[int, dict[str, str]]] = {
    "auth": (
        401,
        {
            "message": "Incorrect API key provided: sk-ab**cd.",
            "type": "invalid_request_error",
            "code": "invalid_api_key",
        },
    ),
    "rate": (
        429,
        {
            "message": f"Rate limit reached for requests. Please try again in {RETRY_AFTER_S}s.",
            "type": "requests",
            "code": "rate_limit_exceeded",
        },
    ),
    "quota": (
        429,
        {
            "message": "You exceeded your current quota, please check your plan and billing details.",
            "type": "insufficient_quota",
            "code": "insufficient_quota",
        },
    ),
    "error500": (
        500,
        {
            "message": "The server had an error while processing your request. Sorry about that!",
            "type": "server_error",
            "code": "",
        },
    ),
    "overloaded": (
        503,
        {
            "message": "The engine is currently overloaded, please try again later.",
            "type": "server_error",
            "code": "",
        },
    ),
    "missing": (
        404,
        {
            "message": "The model `missing` does not exist or you do not have access to it.",
            "type": "invalid_request_error",
            "code": "model_not_found",
        },
    ),
}
ANTHROPIC_ERRORS: dict[str, tuple[int, dict[str, str]]] = {
    "auth": (401, {"type": "authentication_error", "message": "invalid x-api-key"}),
    "rate": (
        429,
        {
            "type": "rate_limit_error",
            "message": "Number of request tokens has exceeded your per-minute rate limit",
        },
    ),
    "quota": (
        400,
        {
            "type": "invalid_request_error",
            "message": "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.",
        },
    ),
    "error500": (500, {"type": "api_error", "message": "Internal server error"}),
    "overloaded": (529, {"type": "overloaded_error", "message": "Overloaded"}),
    "missing": (404, {"type": "not_found_error", "message": "model: missing"}),
}


class _Weather:
    """What each request meets: remembers whom it has met, and since when."""

    def __init__(self) -> None:
        self._met: Counter[str] = Counter()
        self._since: dict[str, float] = {}

    def fault(self, model: str, task: str, token: str) -> str | None:
        """Return the fault that this request meets, or None."""
        self._met[task] += 1
        name, _, lasting = model.partition("-")
        if name == "fine" or (model == "auth" and token == "fresh"):
            return None
        if lasting == "always" or name == "auth":
            return name
        if lasting:
            since = self._since.setdefault(model, time.monotonic())
            return name if time.monotonic() - since < float(lasting.rstrip("s")) else None
        return name if self._met[task] == 1 else None


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    weather: _Weather

    def do_POST(self) -> None:
        """Answer one request as its model's name says."""
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        model, task = request["model"], self.headers.get("X-Task", "")
        token = self.headers.get("Authorization", "").removeprefix("Bearer ") or self.headers.get(
            "x-api-key", ""
        )
        match self.weather.fault(model, task, token):
            case None:
                self._answer(model)
            case "reset":
                linger = struct.pack("ii", 1, 0)
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                self.connection.close()
                self.close_connection = True
            case "slow":
                time.sleep(3)  # the fault itself: slower than the client's patience
                self._answer(model)
            case fault:
                self._refuse(fault)

    def _refuse(self, model: str) -> None:
        anthropic = self.path.endswith("/messages")
        status, error = (ANTHROPIC_ERRORS if anthropic else OPENAI_ERRORS)[model]
        body = {"type": "error", "error": error} if anthropic else {"error": error}
        self._send(status, body, {"retry-after": str(RETRY_AFTER_S)} if model == "rate" else {})

    def _answer(self, model: str) -> None:
        if self.path.endswith("/messages"):
            self._send(
                200,
                {
                    "id": "m",
                    "type": "message",
                    "role": "assistant",
                    "model": model,
                    "content": [{"type": "text", "text": "fine"}],
                    "stop_reason": "end_turn",
                    "stop_sequence": None,
                    "usage": {"input_tokens": 1, "output_tokens": 1},
                },
            )
        elif self.path.endswith("/responses"):
            text = {"type": "output_text", "text": "fine", "annotations": []}
            message = {
                "type": "message",
                "id": "m",
                "status": "completed",
                "role": "assistant",
                "content": [text],
            }
            self._send(
                200,
                {
                    "id": "r",
                    "object": "response",
                    "created_at": 1,
                    "model": model,
                    "status": "completed",
                    "output": [message],
                    "parallel_tool_calls": True,
                    "tool_choice": "auto",
                    "tools": [],
                },
            )
        else:
            self._send(
                200,
                {
                    "id": "c",
                    "object": "chat.completion",
                    "created": 1,
                    "model": model,
                    "choices": [
                        {
                            "index": 0,
                            "finish_reason": "stop",
                            "message": {"role": "assistant", "content": "fine"},
                        }
                    ],
                },
            )

    def _send(
        self, status: int, body: dict[str, object], headers: dict[str, str] | None = None
    ) -> None:
        payload = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {
            "Content-Type": "application/json",
            "Content-Length": str(len(payload)),
            **(headers or {}),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            self.wfile.write(payload)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Stay silent."""


@contextmanager
def api_server() -> Generator[str]:
    """Serve on a free port of this machine; yields the base address."""
    handler = type("Handler", (_Handler,), {"weather": _Weather()})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, name="api", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
