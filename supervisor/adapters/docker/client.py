"""Speaks to one container engine over its HTTP interface; every call has a time limit of its own."""

import asyncio
import json
import os
from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import aiohttp

from supervisor.adapters.docker.place import Place, find_place
from supervisor.adapters.docker.tunnel import Tunnel
from supervisor.ports.errors import (
    DaemonRefusedError,
    DaemonUnreachableError,
    NoSuchContainerError,
)

LIMIT_S = 20.0
"""How long a call may take unless it says otherwise."""
_WORDS = 500

Params = Mapping[str, str | int | bool | Mapping[str, object]]


class Docker:
    """One container engine: Docker, rootless Docker or Podman, here or elsewhere.

    Made without connecting; nothing is heavy until the first call. "Cannot reach" is
    ``DaemonUnreachableError`` and never says anything about a container. ``place`` None: found at the
    first call, as Docker's command line would. Paths have no leading slash and no version.
    """

    def __init__(self, place: Place | None = None, *, limit_s: float = LIMIT_S) -> None:
        self._place = place
        self._limit_s = limit_s
        self._tunnel: Tunnel | None = None
        self._session: aiohttp.ClientSession | None = None
        self._base = ""
        self._version = ""
        self._opening = asyncio.Lock()

    @property
    def place(self) -> Place:
        """Where the engine is, and who said so.

        Raises:
            DaemonUnreachableError: the current Docker context cannot be read.
        """
        if self._place is None:
            self._place = find_place(os.environ, Path.home())
        return self._place

    async def get(self, path: str, params: Params | None = None, *, limit_s: float = 0) -> Any:
        """Return what the engine answers, decoded.

        Raises:
            DaemonUnreachableError: no answer within ``limit_s`` (0: the client's own limit).
            NoSuchContainerError: the engine knows no such thing.
            DaemonRefusedError: it says no otherwise.
        """
        return await self._call("GET", path, params, None, limit_s)

    async def head(self, path: str, params: Params | None = None) -> Mapping[str, str]:
        """Return the headers of the answer alone, by their names in any case. Raises as ``get``."""
        async with self._answer("HEAD", path, params, None, self._limit_s) as answer:
            return answer.headers

    async def post(
        self,
        path: str,
        params: Params | None = None,
        body: object = None,
        *,
        limit_s: float = 0,
    ) -> Any:
        """Send ``body`` as JSON; return the answer, None if it is empty. Raises as ``get``.

        After DaemonUnreachableError the engine may still do what was asked, now or later.
        """
        return await self._call("POST", path, params, body, limit_s)

    async def delete(self, path: str, params: Params | None = None, *, limit_s: float = 0) -> None:
        """Have the engine remove something. Raises as ``get``."""
        await self._call("DELETE", path, params, None, limit_s)

    @asynccontextmanager
    async def stream(
        self, method: str, path: str, params: Params | None = None
    ) -> AsyncGenerator[aiohttp.StreamReader, None]:
        """Yield the body of an answer that goes on as long as the engine likes. Raises as ``get``.

        The limit counts until the answer begins. Errors while reading are the caller's to expect, as
        ``DaemonUnreachableError``.
        """
        async with self._answer(method, path, params, None, self._limit_s) as answer:
            with self._reaching():
                yield answer.content

    async def close(self) -> None:
        """Close every connection; the client can be used again."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()
        if self._tunnel is not None:
            await self._tunnel.close()
            self._tunnel = None

    async def _call(
        self, method: str, path: str, params: Params | None, body: object, limit_s: float
    ) -> Any:
        limit_s = limit_s or self._limit_s
        try:
            async with (
                asyncio.timeout(limit_s),
                self._answer(method, path, params, body, limit_s) as answer,
            ):
                with self._reaching():
                    text = await answer.read()
        except TimeoutError as error:
            raise _silent(self.place, limit_s) from error
        return _decoded(text, answer.content_type)

    @asynccontextmanager
    async def _answer(
        self, method: str, path: str, params: Params | None, body: object, limit_s: float
    ) -> AsyncGenerator[aiohttp.ClientResponse, None]:
        try:
            async with asyncio.timeout(limit_s):
                with self._reaching():
                    session = await self._connected()
                    answer = await session.request(
                        method,
                        f"{self._base}/{self._version}/{path}",
                        params=_params(params or {}),
                        json=body,
                    )
                    refusal = await answer.read() if answer.status >= 400 else None
        except TimeoutError as error:
            raise _silent(self.place, limit_s) from error
        except DaemonUnreachableError:
            self._version = ""  # the next engine there may be another version
            raise
        if refusal is not None:
            raise _refused(answer.status, refusal)
        async with answer:
            yield answer

    @contextmanager
    def _reaching(self) -> Generator[None]:
        """Turn what goes wrong on the way into DaemonUnreachableError."""
        try:
            yield
        except TimeoutError:
            raise
        except (aiohttp.ClientError, OSError) as error:
            said = self._tunnel.trouble if self._tunnel is not None else ""
            words = said or " ".join(str(error).split()) or type(error).__name__
            raise DaemonUnreachableError(
                f"cannot reach the container engine at {self.place}: {words}{_cure(error)}"
            ) from error

    async def _connected(self) -> aiohttp.ClientSession:
        async with self._opening:
            if self._session is None:
                self._session = await self._open()
            if not self._version:
                # Asked, never assumed: a new engine refuses old versions and the other way round.
                async with self._session.get(f"{self._base}/version") as answer:
                    if answer.status >= 400:
                        raise _refused(answer.status, await answer.read())
                    self._version = "v" + str((await answer.json(content_type=None))["ApiVersion"])
        return self._session

    async def _open(self) -> aiohttp.ClientSession:
        place = self.place
        scheme, _, rest = place.url.partition("://")
        connector: aiohttp.BaseConnector
        # No cap on connections: each followed log holds one, and none may keep a call waiting.
        if scheme == "ssh":
            self._tunnel = Tunnel(place.url)
            connector = aiohttp.UnixConnector(await self._tunnel.open(), limit=0)
            self._base = "http://docker"
        elif place.socket is not None:
            connector = aiohttp.UnixConnector(place.socket, limit=0)
            self._base = "http://docker"
        elif scheme in ("tcp", "http", "https"):
            tls = place.tls()
            secure = tls is not None or scheme == "https"
            connector = aiohttp.TCPConnector(limit=0, ssl=tls if tls is not None else True)
            self._base = f"{'https' if secure else 'http'}://{rest.rstrip('/')}"
        else:
            raise DaemonUnreachableError(
                f"{place}: not a unix://, tcp://, https:// or ssh:// address"
            )
        timeout = aiohttp.ClientTimeout(total=None)
        return aiohttp.ClientSession(connector=connector, timeout=timeout, auto_decompress=False)


def _cure(error: BaseException) -> str:
    number = getattr(error, "errno", None)
    if number == 13:
        return "; may you use it? `sudo usermod -aG docker $USER`, then log in anew"
    return "; does it run? `systemctl status docker`" if number in (2, 111) else ""


def _silent(place: Place, limit_s: float) -> DaemonUnreachableError:
    return DaemonUnreachableError(
        f"the container engine at {place} did not answer within {limit_s:g} s"
    )


def _refused(status: int, text: bytes) -> DaemonRefusedError:
    try:
        said = json.loads(text)
        words = str(said.get("message") or said.get("cause") or "")
    except (ValueError, AttributeError):
        words = text.decode("utf-8", "replace")
    words = " ".join(words.split())[:_WORDS]
    return (NoSuchContainerError if status == 404 else DaemonRefusedError)(status, words)


def _params(params: Params) -> dict[str, str]:
    return {name: _param(value) for name, value in params.items()}


def _param(value: str | int | bool | Mapping[str, object]) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return str(value) if isinstance(value, str | int) else json.dumps(value)


def _decoded(text: bytes, content_type: str) -> Any:
    if not text.strip():
        return None
    return json.loads(text) if content_type == "application/json" else text
