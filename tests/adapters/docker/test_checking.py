"""What ``check`` says of container tasks."""

from pathlib import Path

from supervisor.adapters.docker.checking import container_problems, engine_found
from supervisor.core.wish import Wish
from tests.fakes.daemon import daemon


async def test_images_that_will_not_come(tmp_path: Path) -> None:
    wishes = {
        "g/a": Wish(image="busybox", pull="never"),
        "g/b": Wish(image="gone"),
        "g/c": Wish(image="gone", pull="never"),
        "g/d": Wish(image="x-{task}", pull="never"),
    }
    async with daemon(tmp_path) as engine:
        docker = engine.docker()
        assert await container_problems(docker, wishes) == [
            "g/c: image gone is not there, and docker.pull is never"
        ]
        engine.refuse["image"] = (400, "invalid reference format")
        assert "g/a: image busybox: invalid reference format" in await container_problems(
            docker, wishes
        )
        await docker.close()


async def test_an_engine_that_is_not_there(tmp_path: Path) -> None:
    async with daemon(tmp_path) as engine:
        docker = engine.docker()
    [problem] = await container_problems(docker, {"g/a": Wish(image="busybox")})
    assert "does it run?" in problem
    await docker.close()


async def test_which_engine_answers(tmp_path: Path) -> None:
    async with daemon(tmp_path) as engine:
        docker = engine.docker()
        words, survives = await engine_found(docker)
        assert words.startswith("some version at unix://")
        assert not survives
        await docker.close()
