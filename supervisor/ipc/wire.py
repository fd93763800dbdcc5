"""What goes over the engine's socket: HTTP requests as bytes, response heads taken apart.

Imports nothing, because the commands that must start quickly use it too.
"""

API_HEADER = "Overnight-Api"
"""Every response says which version of the protocol the engine speaks."""
OFFSET_HEADER = "Overnight-Offset"
SIZE_HEADER = "Overnight-Size"
"""With the bytes of a log: where they begin, and the file's size now."""

_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


def target(path: str, query: dict[str, str]) -> str:
    """Return ``path?name=value&…`` with everything quoted."""
    pairs = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in query.items())
    return f"{path}?{pairs}" if pairs else path


def request(method: str, where: str, body: bytes = b"", version: str = "1.1") -> bytes:
    """Return a whole request; the engine closes the line after its response."""
    head = (
        f"{method} {where} HTTP/{version}\r\nHost: overnight\r\nConnection: close\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode("ascii") + body


def head_of(raw: bytes) -> tuple[int, dict[str, str]]:
    """Return status code and headers (names in lower case) of a response head.

    Raises:
        ValueError: it is no HTTP.
    """
    first, *rest = raw.decode("latin-1").split("\r\n")
    if not first.startswith("HTTP/"):
        raise ValueError(f"no HTTP: {first[:40]!r}")
    pairs = (line.partition(":") for line in rest if line)
    return int(first.split(" ")[1]), {name.lower(): value.strip() for name, _, value in pairs}


def _quoted(text: str) -> str:
    """Percent-encode ``text``; urllib.parse would do it too, in 5 ms of imports."""
    return "".join(chr(byte) if byte in _PLAIN else f"%{byte:02X}" for byte in _encoded(text))


def _encoded(text: str) -> bytes:
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # halves of characters that no bytes stand for: nothing is called so
        return text.encode("utf-8", "replace")
