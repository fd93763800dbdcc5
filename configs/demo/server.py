"""A small API server that behaves like the real ones at 2 a.m.

``python server.py PORT_FILE TOKEN_FILE [SCALE]`` serves until nobody has asked for two minutes. It
writes its port to PORT_FILE. A request names its task in ``X-Task`` and carries a bearer token:

- tokens die a while after the first request, once; a token issued later (``refresh.py``) lives on;
- the account ``subscription``, which has no token, uses up its window once and says when it opens;
- some tasks meet a 429 with a stated wait, a 503, or a dropped connection, a fixed number of times.

SCALE stretches every time (1.0: the demo of about a minute).
"""

import json
import sys
import threading
import time
from collections import Counter
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import wordings

IDLE_S = 120.0
TOKEN_DIES_AFTER_S = 9.0
WINDOW_CLOSES_AFTER_S = 10.0
WINDOW_OPENS_AFTER_S = 14.0


class Account:
    """What the server remembers between requests."""

    def __init__(self, token_file: Path, scale: float) -> None:
        self.token_file = token_file
        self.scale = scale
        self.lock = threading.Lock()
        self.met: Counter[str] = Counter()
        self.began: float | None = None
        self.window_began: float | None = None
        self.window_opens: float | None = None
        self.last_request = time.monotonic()

    def token_is_dead(self, token: str, now: float) -> bool:
        """Tell whether a bearer token is refused: unknown, or the first one after its time."""
        issued = json.loads(self.token_file.read_text())
        if token != issued["token"]:
            return True
        began = self.began if self.began is not None else now
        self.began = began
        return bool(issued["serial"] == 1) and now - began > TOKEN_DIES_AFTER_S * self.scale

    def window_wait(self, now: float) -> float | None:
        """Return how long the subscription's window stays closed, or None while it is open."""
        self.window_began = self.window_began if self.window_began is not None else now
        if (
            self.window_opens is None
            and now - self.window_began > WINDOW_CLOSES_AFTER_S * self.scale
        ):
            self.window_opens = now + WINDOW_OPENS_AFTER_S * self.scale
        if self.window_opens is None or now >= self.window_opens:
            return None
        return self.window_opens - now

    def meets(self, kind: str, task: str, times: int) -> bool:
        """Tell whether ``task`` still has to meet this fault, and count the meeting."""
        key = f"{kind} {task}"
        if self.met[key] >= times:
            return False
        self.met[key] += 1
        return True


class Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    protocol_version = "HTTP/1.1"
    account: Account

    def do_POST(self) -> None:
        """Answer a completion, or the fault that this task has to meet."""
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        task = self.headers.get("X-Task", "")
        fault = self.headers.get("X-Fault", "")
        with self.account.lock:
            self.account.last_request = time.monotonic()
            status, text = self._decide(task, fault)
        if status == 0:
            self.connection.close()
            self.close_connection = True
            return
        payload = (
            text.encode()
            if status != 200
            else json.dumps({"text": f"answer to {len(body)} bytes"}).encode()
        )
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def _decide(self, task: str, fault: str) -> tuple[int, str]:
        now = time.time()  # the stated resets are wall-clock times
        if self.headers.get("X-Account") == "subscription":
            wait = self.account.window_wait(now)
            if wait is not None:
                return 429, _stated(wordings.WINDOW_USED_UP, task, now, wait)
        elif self.account.token_is_dead(self._token, now):
            return 401, wordings.pick(wordings.TOKEN_EXPIRED, task)
        if fault == "rate_limit" and self.account.meets(fault, task, 1):
            return 429, _stated(wordings.RATE_LIMITED, task, now, max(1.0, 4 * self.account.scale))
        if fault == "overloaded" and self.account.meets(fault, task, 2):
            return 503, wordings.pick(wordings.OVERLOADED, task)
        if fault == "dropped" and self.account.meets(fault, task, 1):
            return 0, ""
        return 200, ""

    @property
    def _token(self) -> str:
        return self.headers.get("Authorization", "").removeprefix("Bearer ")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Stay silent; the runners' logs tell the story."""


def _stated(choices: tuple[str, ...], task: str, now: float, wait_s: float) -> str:
    until = now + wait_s
    return wordings.pick(choices, task) % {
        "wait": max(1, round(wait_s)),
        "epoch": round(until),
        "clock": datetime.fromtimestamp(until, UTC).strftime("%Y-%m-%d %H:%M:%S UTC"),
    }


def main() -> None:
    """Serve until nobody has asked for two minutes."""
    port_file, token_file = Path(sys.argv[1]), Path(sys.argv[2])
    scale = float(sys.argv[3]) if len(sys.argv) > 3 else 1.0
    account = Account(token_file, scale)
    Handler.account = account
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, name="serve", daemon=True).start()
    temporary = port_file.with_suffix(".tmp")
    temporary.write_text(str(server.server_address[1]))
    temporary.rename(port_file)
    while time.monotonic() - account.last_request < IDLE_S:
        time.sleep(1.0)
    server.shutdown()


if __name__ == "__main__":
    main()
