"""Images are there before they are needed; each is fetched once."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from supervisor.adapters.docker.images import ImageError, Images
from supervisor.core.models import ErrorClass
from supervisor.core.wish import Wish
from tests.fakes.daemon import FakeDaemon, daemon

LAYER = {"id": "l1", "status": "Downloading"}
PULL: list[dict[str, Any]] = [
    {"status": "Pulling from far/away", "id": "v1"},
    LAYER | {"progressDetail": {"current": 1_000_000, "total": 4_000_000}},
    LAYER | {"progressDetail": {"current": 4_000_000, "total": 4_000_000}},
    {"id": "l1", "status": "Pull complete"},
]


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[FakeDaemon]:
    async with daemon(tmp_path) as one:
        yield one


async def ensured(engine: FakeDaemon, *wishes: Wish) -> list[tuple[str, str | None]]:
    docker = engine.docker()
    told: list[tuple[str, str | None]] = []
    images = Images(docker, lambda key, text: told.append((key, text)))
    try:
        async with asyncio.TaskGroup() as group:
            for wish in wishes:
                group.create_task(images.ensure(wish))
    except ExceptionGroup as group_of_one:
        raise group_of_one.exceptions[0] from None
    finally:
        await docker.close()
    return told


def pulls(engine: FakeDaemon) -> int:
    return engine.asked.count("POST images/create")


async def test_what_is_there_is_not_fetched(engine: FakeDaemon) -> None:
    assert await ensured(engine, Wish(image="busybox"), Wish(image="busybox", pull="never")) == []
    assert pulls(engine) == 0


async def test_many_want_it_and_one_fetches_it(engine: FakeDaemon) -> None:
    engine.pull = PULL
    told = await ensured(engine, *[Wish(image="far/away:v1")] * 5)
    assert pulls(engine) == 1
    assert told == [
        ("pull far/away:v1", "pulling far/away:v1"),
        ("pull far/away:v1", "pulling far/away:v1: 1 of 4 MB, 0 layers ready"),
        ("pull far/away:v1", None),
    ]


async def test_always_means_once_for_each_engine(engine: FakeDaemon) -> None:
    await ensured(engine, *[Wish(image="busybox", pull="always")] * 3)
    assert pulls(engine) == 1


async def test_never_means_never(engine: FakeDaemon) -> None:
    with pytest.raises(ImageError, match="pull is never") as error:
        await ensured(engine, Wish(image="far/away", pull="never"))
    assert error.value.error_class is ErrorClass.BROKEN


@pytest.mark.parametrize(
    ("words", "error_class"),
    [
        ("pull access denied for x, repository does not exist", ErrorClass.BROKEN),
        ("manifest for x not found: manifest unknown", ErrorClass.BROKEN),
        ("manifest for localhost:5999/x:1 not found: manifest unknown", ErrorClass.BROKEN),
        ("localhost:5999/x:1: unexpected status: 503 Service Unavailable", ErrorClass.NETWORK),
        ("toomanyrequests: You have reached your pull rate limit.", ErrorClass.RATE_LIMIT),
        ("dial tcp: lookup registry: no such host", ErrorClass.NETWORK),
        ("write /var/lib/x: no space left on device", ErrorClass.DISK_FULL),
    ],
)
async def test_why_it_cannot_be_had(
    engine: FakeDaemon, words: str, error_class: ErrorClass
) -> None:
    engine.pull = [{"error": words, "errorDetail": {"message": words}}]
    with pytest.raises(ImageError) as error:
        await ensured(engine, Wish(image="far/away"))
    assert error.value.error_class is error_class
    assert words in str(error.value)
