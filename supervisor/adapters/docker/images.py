"""Sees to it that an image is there before its containers are made; one pull at a time for each."""

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from supervisor.adapters.docker.client import Docker
from supervisor.core.models import ErrorClass
from supervisor.core.wish import Wish
from supervisor.ports import DaemonRefusedError, DaemonUnreachableError, NoSuchContainerError

_SILENT_S = 600.0
"""So long an engine may say nothing of a pull that goes on."""
_TELL_S = 1.0
_BUSY = re.compile(r"toomanyrequests|too many requests|rate limit", re.I)
_NET = re.compile(
    r"timeout|timed out|connection (refused|reset)|no such host|dial tcp|EOF|TLS handshake"
    r"|temporary failure|network is unreachable|i/o|server (error|misbehaving)|\b5\d\d\b",
    re.I,
)
_GONE = re.compile(
    r"manifest unknown|name unknown|pull access denied|repository does not exist|no matching manifest"
    r"|invalid reference format",
    re.I,
)
_FULL = re.compile(r"no space left on device", re.I)
Tell = Callable[[str, str | None], None]


class ImageError(Exception):
    """The image cannot be had; ``error_class`` says whether that is for good."""

    def __init__(self, error_class: ErrorClass, words: str) -> None:
        super().__init__(words)
        self.error_class = error_class


@dataclass(slots=True)
class _Layers:
    """How far the layers of one pull have come."""

    done: dict[str, int] = field(default_factory=dict[str, int])
    total: dict[str, int] = field(default_factory=dict[str, int])
    ready: set[str] = field(default_factory=set[str])

    def note(self, told: Any) -> None:
        layer, status = told.get("id"), str(told.get("status", ""))
        if not layer:
            return
        detail: dict[str, int] = told.get("progressDetail") or {}
        if status == "Downloading" and detail.get("total"):
            self.done[layer], self.total[layer] = detail.get("current", 0), detail["total"]
        elif status in ("Pull complete", "Already exists"):
            self.ready.add(layer)
            self.done[layer] = self.total.get(layer, 0)

    def words(self) -> str:
        megabytes = (
            f"{sum(self.done.values()) / 1e6:.0f} of {sum(self.total.values()) / 1e6:.0f} MB"
        )
        return f"{megabytes}, {len(self.ready)} layers ready"


class Images:
    """The images that attempts ask for. ``tell(key, text)`` shows progress; None: it is over."""

    def __init__(self, docker: Docker, tell: Tell) -> None:
        self._docker = docker
        self._tell = tell
        self._locks: dict[str, asyncio.Lock] = {}
        self._pulled: set[str] = set()

    async def ensure(self, wish: Wish) -> None:
        """Return once the image is there.

        Raises:
            ImageError: it cannot be had.
            DaemonUnreachableError: the engine does not answer.
        """
        image = wish.image
        async with self._locks.setdefault(image, asyncio.Lock()):
            if wish.pull == "always":
                if image in self._pulled:
                    return
            elif await self._is_there(image):
                return
            if wish.pull == "never":
                raise ImageError(
                    ErrorClass.BROKEN, f"image {image} is not there, and pull is never"
                )
            await self._pull(image)
            self._pulled.add(image)

    async def _is_there(self, image: str) -> bool:
        try:
            await self._docker.get(f"images/{image}/json")
        except NoSuchContainerError:
            return False
        except DaemonRefusedError as error:
            wrong = ErrorClass.BROKEN if error.status < 500 else ErrorClass.DOCKER
            raise ImageError(wrong, f"image {image}: {error.words}") from error
        return True

    async def _pull(self, image: str) -> None:
        key = f"pull {image}"
        self._tell(key, f"pulling {image}")
        try:
            await self._fetch(image, key)
        except DaemonRefusedError as error:
            raise ImageError(_class_of(error.words), f"image {image}: {error.words}") from error
        finally:
            self._tell(key, None)

    async def _fetch(self, image: str, key: str) -> None:
        layers = _Layers()
        told_at = 0.0
        loop = asyncio.get_running_loop()
        async with self._docker.stream("POST", "images/create", _reference(image)) as body:
            while True:
                try:
                    async with asyncio.timeout(_SILENT_S):
                        line = await body.readuntil(b"\n")
                except TimeoutError as error:
                    raise DaemonUnreachableError(f"the pull of {image} stands still") from error
                except asyncio.IncompleteReadError:
                    return
                if not line:
                    return
                told = json.loads(line)
                if told.get("error"):
                    raise DaemonRefusedError(200, " ".join(str(told["error"]).split()))
                layers.note(told)
                if layers.total and loop.time() - told_at >= _TELL_S:
                    told_at = loop.time()
                    self._tell(key, f"pulling {image}: {layers.words()}")


def _reference(image: str) -> dict[str, str]:
    """Return how a pull names an image: without a tag it would fetch all of them."""
    name, at, digest = image.partition("@")
    if at:
        return {"fromImage": name, "tag": digest}
    path, slash, last = image.rpartition("/")
    name, colon, tag = last.partition(":")
    return {"fromImage": f"{path}{slash}{name}", "tag": tag if colon else "latest"}


def _class_of(words: str) -> ErrorClass:
    if _BUSY.search(words):
        return ErrorClass.RATE_LIMIT
    if _FULL.search(words):
        return ErrorClass.DISK_FULL
    if _GONE.search(words):
        return ErrorClass.BROKEN
    return ErrorClass.NETWORK if _NET.search(words) else ErrorClass.BROKEN
