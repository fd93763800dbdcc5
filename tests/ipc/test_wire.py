"""Requests and heads as bytes."""

from urllib.parse import parse_qsl, urlsplit

import pytest

from supervisor.ipc.wire import head_of, request, target


def test_targets_are_quoted() -> None:
    query = {"task": "g/ä b&c=d?%", "attempt": "1"}
    where = urlsplit(target("/v1/why", query))
    assert where.path == "/v1/why"
    assert dict(parse_qsl(where.query)) == query
    assert target("/v1/status", {}) == "/v1/status"
    assert target("/v1/why", {"task": "\udcff"}) == "/v1/why?task=%FF"
    assert target("/v1/why", {"task": "\ud800"}) == "/v1/why?task=%3F"


def test_a_request_says_how_long_it_is() -> None:
    raw = request("POST", "/v1/intents", b"{}", version="1.0")
    assert raw.startswith(b"POST /v1/intents HTTP/1.0\r\n")
    assert b"Content-Length: 2\r\n" in raw
    assert raw.endswith(b"\r\n\r\n{}")


def test_heads_are_taken_apart() -> None:
    assert head_of(b"HTTP/1.0 404 Not Found\r\nOvernight-Api: 1\r\nX: a:b") == (
        404,
        {"overnight-api": "1", "x": "a:b"},
    )
    with pytest.raises(ValueError, match="no HTTP"):
        head_of(b"SSH-2.0")
