"""What is put together for containers."""

from pathlib import Path

import pytest

from supervisor.core.wish import Wish
from supervisor.docking import (
    backend_maker,
    container_problems,
    engine_found,
    machine_containers,
    survey_machine,
    witness_of,
)
from supervisor.engine.announce import EngineInfo, announce
from supervisor.ports import DaemonUnreachableError
from tests.fakes.night import batch_spec, task


async def test_nothing_is_connected_before_it_is_asked(tmp_path: Path) -> None:
    machine = machine_containers()
    await machine.close()
    backend = backend_maker(batch_spec(["g/a"]), tmp_path)("u")
    assert backend.directory.__name__ == "directory"
    backend.close()


def test_a_machine_without_an_engine_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none")
    with pytest.raises(DaemonUnreachableError):
        survey_machine([("u", str(tmp_path))])


def test_a_witness_knows_what_other_batches_claim(tmp_path: Path, own_home: Path) -> None:
    for name in ("mine", "other"):
        place = tmp_path / name
        place.mkdir()
        line = f'{{"id": "{name}", "task": "g/t", "attempt": 1, "how": "x"}}'
        (place / "containers.jsonl").write_text(line + "\n")
        announce(
            EngineInfo(
                pid=1,
                start_time=1,
                boot_id="b",
                host="h",
                api=1,
                version="0",
                socket="s",
                uuid=f"{name:0<32}",
                batch=name,
                directory=str(place),
                source=str(place / "x.yaml"),
                started_at=1.0,
            ),
            own_home,
        )
    known = witness_of("u", tmp_path / "mine").known()
    assert known.claimed == {"other"}
    assert list(known.makers) == ["mine"]


def test_only_container_tasks_ask_the_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none")
    assert container_problems(batch_spec(["g/a"])) == []
    [problem] = container_problems(batch_spec([task("g/a", container=Wish(image="x"))]))
    assert "does it run?" in problem


def test_no_engine_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none")
    with pytest.raises(DaemonUnreachableError):
        engine_found()
