"""What a container is made with."""

from pathlib import Path

from supervisor.core.models import ErrorClass
from tests.adapters.docker.benches import UUID, A, bench
from tests.support import until


async def test_environment_and_labels(tmp_path: Path) -> None:
    (tmp_path / "more.env").write_text("FROM_FILE=1\nSAME=file\n")
    async with bench(tmp_path) as one:
        plan = one.plan(A, "exit", "0")
        object.__setattr__(plan, "env", {"SAME": "own", "X": "y"})
        object.__setattr__(plan, "env_file", "more.env")
        await one.backend.submit([plan])
        await until(one.gone)
        [box] = one.engine.boxes.values()
    assert set(box.body["Env"]) == {
        "PYTHONUNBUFFERED=1",
        "FROM_FILE=1",
        "SAME=own",
        "X=y",
        f"OVERNIGHT_BATCH_UUID={UUID}",
        "OVERNIGHT_TASK=g/a",
        "OVERNIGHT_ATTEMPT=1",
    }
    assert box.body["Labels"]["overnight.task"] == "g/a"
    assert box.body["HostConfig"]["Init"] is True


async def test_nothing_is_made_without_its_environment(tmp_path: Path) -> None:
    async with bench(tmp_path) as one:
        plan = one.plan(A, "exit", "0")
        object.__setattr__(plan, "env_file", "gone.env")
        await one.backend.submit([plan])
        await until(one.gone)
        assert one.gone().preset is ErrorClass.BROKEN  # type: ignore[union-attr]
        assert one.engine.boxes == {}
