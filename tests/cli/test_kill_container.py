"""``overnight kill-container``: a list before, and by name alone what is not proved ours."""

from dataclasses import replace

import pytest

from supervisor.core.containers import ContainerRow
from supervisor.core.intents import KillContainers
from supervisor.core.models import TaskId
from tests.cli.conftest import Night, Place, call
from tests.containers import docker, lab

DEAD = ContainerRow(
    id="1" * 64,
    name="agentrun--1",
    image="hal",
    task=TaskId("g/a"),
    owned=True,
    state="dead_idle",
    why="/workspace/error.log was written",
)
IDLE = replace(DEAD, id="2" * 64, name="agentrun--2", state="idle", why="waits")
FOREIGN = replace(DEAD, id="3" * 64, name="agentrun--3", task=None, owned=False)


async def shown(night: Night, *rows: ContainerRow) -> None:
    await night.engine.show_containers(*rows or (DEAD, IDLE, FOREIGN))


async def test_the_dead_ones_are_listed_and_ended(night: Night) -> None:
    await shown(night)
    said = await night.overnight("kill-container", "--dead", "--dry-run")
    assert said.out == "agentrun--1  dead idle  g/a  /workspace/error.log was written\n"
    assert night.engine.wanted == []
    said = await night.overnight("kill-container", "--dead", "--yes", "--why", "they are stuck")
    assert said.code == 0
    [(intent, who)] = night.engine.wanted
    assert intent == KillContainers(ids=(DEAD.id,))
    assert who.endswith("(they are stuck)")
    assert "ended: 1 container" in said.out


async def test_names_globs_and_starts_of_ids_mean_containers(night: Night) -> None:
    await shown(night)
    for word in ("agentrun--2", "agent*2", "2222"):
        said = await night.overnight("kill-container", word, "--dry-run")
        assert said.out.startswith("agentrun--2  idle"), word
    said = await night.overnight("kill-container", "nobody", "--yes")
    assert (said.code, said.err) == (
        1,
        "overnight: night shows no container nobody; overnight containers lists them\n",
    )


async def test_nobody_is_asked_without_a_terminal(night: Night) -> None:
    await shown(night)
    said = await night.overnight("kill-container", "agentrun--1")
    assert said.code == 1
    assert "Give --yes" in said.err
    assert night.engine.wanted == []


async def test_what_is_not_proved_ours_is_left_alone_or_named_in_full(night: Night) -> None:
    await shown(night)
    said = await night.overnight("kill-container", "agentrun--*", "--yes")
    assert "left alone, for nothing proves that they are of this batch: agentrun--3" in said.out
    assert [intent for intent, _ in night.engine.wanted] == [KillContainers(ids=(DEAD.id, IDLE.id))]
    said = await night.overnight("kill-container", "agent*", "--unowned", "--yes")
    assert "wants each whole name, not a pattern: agentrun--3" in said.err
    said = await night.overnight("kill-container", "agentrun--3", "--yes")
    assert "there is nothing to end" in said.err
    said = await night.overnight("kill-container", "agentrun--3", "--unowned", "--yes")
    assert said.code == 0
    assert night.engine.wanted[-1][0] == KillContainers(ids=(FOREIGN.id,), unowned=True)


async def test_what_is_still_there_is_told(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    await shown(night, DEAD)
    assert (await night.overnight("kill-container")).code == 1


@pytest.mark.usefixtures("place")
def test_without_words_nothing_is_meant() -> None:
    assert "kill which container?" in call("kill-container").err


def test_a_batch_that_was_named_must_run(place: Place) -> None:
    place.ended(ended_at=5.0)
    assert "does not run; overnight sweep" in call("kill-container", "x", "-b", "night").err
    assert call("kill-container", "x", "-b", "other").code == 1


@pytest.mark.docker
@pytest.mark.usefixtures("place")
def test_without_a_batch_each_is_named_in_full() -> None:
    with lab() as here:
        here.run("one", "tail", "-f", "/dev/null")
        here.run("two", "tail", "-f", "/dev/null")
        name = here.name("one")
        assert "which containers?" in call("kill-container", "--dead").err
        assert "named in full" in call("kill-container", here.name("o*")).err
        assert call("kill-container", name, "--dry-run").out.startswith(f"{name}  running")
        assert "nothing proves" in call("kill-container", name, "--yes").err
        said = call("kill-container", name, "--unowned", "--yes")
        assert said.code == 0
        assert f"{name}: stopped" in said.out
        assert here.left() == ["two"]
        assert docker("ps", "-q", "--filter", f"name={name}") == ""


def test_no_container_engine_is_said_in_plain_words(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{place.path}/none")
    assert "cannot reach the container engine" in call("kill-container", "x").err
