"""Asks an engine over its bare socket, without waiting for any library to load."""

# The C module below `socket`: the Python one costs a third of a bare interpreter's start, for
# enums and selectors that nobody needs here.
import _socket

from supervisor.cli.words import CommandError
from supervisor.ipc.wire import API_HEADER, head_of, request, target

API = 1
"""As ``core.board.API``, whose module takes long to import; a test holds the two together."""
ANSWER_S = 30.0


class EngineGoneError(CommandError):
    """Nobody listens at the socket, or the line broke."""


def get(path: str, where: str, timeout_s: float | None = ANSWER_S, **query: str) -> bytes:
    """Return the body of the engine's answer; ``timeout_s`` None: wait as long as it takes.

    Raises:
        EngineGoneError: no engine listens.
        CommandError: the engine refused, speaks another version, or is stuck.
    """
    return _exchange(path, request("GET", target(where, query), version="1.0"), timeout_s)


def post(path: str, where: str, body: bytes, timeout_s: float = ANSWER_S) -> bytes:
    """Hand ``body`` over and return the engine's answer; raises as ``get`` does."""
    return _exchange(path, request("POST", where, body, version="1.0"), timeout_s)


def _exchange(path: str, message: bytes, timeout_s: float | None) -> bytes:
    raw = _answer(path, message, timeout_s)
    head, found, body = raw.partition(b"\r\n\r\n")
    if not found:
        raise EngineGoneError("the engine closed the line")
    status, headers = head_of(head)
    spoken = headers.get(API_HEADER.lower())
    if spoken != str(API):
        raise CommandError(
            f"the engine speaks version {spoken or 'unknown'} of the protocol, this command"
            f" version {API}: overnight stop --leave-running, then overnight run the batch again"
        )
    if status != 200:
        raise CommandError(body.decode("utf-8", "replace") or f"the engine answered {status}")
    if len(body) < int(headers.get("content-length", 0)):
        raise EngineGoneError("the engine closed the line")
    return body


def _answer(path: str, message: bytes, timeout_s: float | None) -> bytes:
    """Send ``message`` and return all that comes back until the other side closes."""
    line = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    parts: list[bytes] = []
    try:
        line.settimeout(timeout_s)
        line.connect(path)
        line.sendall(message)
        while part := line.recv(262144):
            parts.append(part)
    except TimeoutError as error:
        raise CommandError(f"the engine has not answered for {timeout_s or 0:g} s") from error
    except OSError as error:
        raise EngineGoneError(f"no engine answers at {path}: {error.strerror}") from error
    finally:
        line.close()
    return b"".join(parts)
