"""``overnight reload`` shows the difference and asks."""

from supervisor.config.load import load
from supervisor.core.intents import Reload
from supervisor.core.options import RunOptions
from supervisor.engine.launch import write_launch
from tests.cli.conftest import Night

BEFORE = "run: echo {n}\nfor: {n: [a, b]}\n"
AFTER = "parallel: 2\nrun: echo {n}\nfor: {n: [a, c]}\n"


def begun(night: Night) -> None:
    path = night.place.path / "night.yaml"
    path.write_text(BEFORE)
    write_launch(load(path, env={}, now=0.0), RunOptions())
    path.write_text(AFTER)


async def test_difference_question_intent(night: Night) -> None:
    begun(night)
    said = await night.overnight("reload", "--dry-run")
    assert said.code == 0
    lines = said.out.splitlines()
    assert "- night/b is removed" in lines
    assert "+ night/c is new: echo {n}" in lines
    assert (await night.overnight("reload")).code == 1
    assert not night.engine.wanted
    assert (await night.overnight("reload", "night.yaml", "--yes")).code == 0
    ((intent, _),) = night.engine.wanted
    assert isinstance(intent, Reload)
    assert [task.id for task in intent.spec.tasks] == ["night/a", "night/c"]


async def test_nothing_differs(night: Night) -> None:
    begun(night)
    (night.place.path / "night.yaml").write_text(BEFORE)
    assert "nothing differs" in (await night.overnight("reload", "--dry-run")).out


async def test_another_batch_or_a_wrong_file(night: Night) -> None:
    begun(night)
    (night.place.path / "other.yaml").write_text(BEFORE)
    assert "is the batch other, not night" in (await night.overnight("reload", "other.yaml")).err
    (night.place.path / "night.yaml").write_text("rnu: x\n")
    said = await night.overnight("reload", "--yes")
    assert said.code == 1
    assert "night.yaml:1" in said.err
    assert not night.engine.wanted
