"""A local API with an account: tokens expire, windows close; it counts who asked for what."""

import json
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request. ``at`` is on the machine's monotonic clock, as in ``runs``."""

    path: str
    task: str
    attempt: int
    token: str
    at: float


Answer = tuple[int, str]
"""Status and message."""


@dataclass
class Api:
    """What a test decides about the service, and what it saw."""

    answer: Callable[[Call], Answer]
    """Called by the thread of each request."""
    url: str = ""
    calls: list[Call] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def asked(self, path: str) -> list[Call]:
        """Return the requests for ``path`` so far."""
        with self.lock:
            return [call for call in self.calls if call.path == path]


@contextmanager
def serving(answer: Callable[[Call], Answer]) -> Generator[Api]:
    """Serve on a free port of this machine."""
    api = Api(answer)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            call = Call(
                path=self.path,
                task=self.headers.get("X-Task", ""),
                attempt=int(self.headers.get("X-Attempt", "0")),
                token=self.headers.get("Authorization", "").removeprefix("Bearer "),
                at=time.monotonic(),
            )
            with api.lock:
                api.calls.append(call)
            status, message = api.answer(call)
            body = json.dumps({"statusCode": status, "message": message}).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - so named there
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    api.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, name="api", daemon=True)
    thread.start()
    try:
        yield api
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
