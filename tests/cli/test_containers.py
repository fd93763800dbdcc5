"""``overnight containers``, of a batch and of the whole machine."""

import json

import pytest

from supervisor.core.containers import ContainerRow
from supervisor.core.models import TaskId
from tests.cli.conftest import Night, Place, call
from tests.containers import lab
from tests.support import until_sync

DEAD = ContainerRow(
    id="1" * 64,
    name="agentrun--1",
    image="hal",
    task=TaskId("g/a"),
    owned=True,
    state="dead_idle",
    why="/workspace/error.log was written, no CPU, only its sleeper runs",
)
BUSY = ContainerRow(id="2" * 64, name="agentrun--2", image="hal", state="busy", cores=0.2)


async def test_those_of_a_batch_come_from_its_engine(night: Night) -> None:
    await night.engine.show_containers(DEAD, BUSY)
    said = await night.overnight("containers")
    assert said.code == 0
    first, _, dead, busy, hint = said.out.splitlines()
    assert first == "night: 1 busy, 0 idle, 1 dead-idle"
    assert dead.split()[0] == "dead-idle"
    assert "g/a" in dead
    assert "unowned" in busy
    assert hint.endswith("overnight kill-container --dead")


async def test_scripts_get_all_that_is_known(night: Night) -> None:
    await night.engine.show_containers(DEAD, BUSY)
    found = json.loads((await night.overnight("containers", "--json", "-b", "night")).out)
    assert [(one["name"], one["state"], one["owned"]) for one in found] == [
        ("agentrun--1", "dead_idle", True),
        ("agentrun--2", "busy", False),
    ]


def test_a_batch_that_was_named_must_run(place: Place) -> None:
    place.ended(ended_at=5.0)
    said = call("containers", "-b", "night")
    assert said.code == 1
    assert said.err == (
        "overnight: night does not run; overnight containers --machine judges all there are\n"
    )


def test_no_engine_of_containers_is_said_in_plain_words(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{place.path}/none")
    said = call("containers")
    assert said.code == 1
    assert "cannot reach the container engine" in said.err


@pytest.mark.docker
@pytest.mark.usefixtures("place")
def test_without_a_batch_the_whole_machine_is_judged() -> None:
    with lab() as here:
        here.run("busy", "sh", "-c", "while :; do :; done")
        here.run("idle", "tail", "-f", "/dev/null")

        def states() -> dict[str, tuple[str, bool]]:
            found = json.loads(call("containers", "--json", "--machine").out)
            return {
                one["name"].removeprefix(f"{here.prefix}-"): (one["state"], one["owned"])
                for one in found
                if one["name"].startswith(here.prefix)
            }

        # On a machine that has much else to do it takes a while until one that works gets a core.
        want = {"busy": ("busy", False), "idle": ("idle", False)}
        until_sync(lambda: states() == want, timeout_s=60.0)
