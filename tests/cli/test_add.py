"""``overnight add`` into a running batch, or into a new one."""

from supervisor.config.load import load
from supervisor.core.intents import Add
from supervisor.core.options import RunOptions
from supervisor.engine.launch import write_launch
from tests.cli.conftest import Night, Place, call


async def test_into_the_running_batch(night: Night) -> None:
    path = night.place.path / "night.yaml"
    path.write_text("run: echo\n")
    write_launch(load(path, env={}, now=0.0), RunOptions())
    words = ("-g", "evals", "--after", "g/a", "-j2", "--", "python", "eval.py")
    said = await night.overnight("add", *words)
    assert (said.code, said.err) == (0, "")
    ((intent, _),) = night.engine.wanted
    assert isinstance(intent, Add)
    assert intent.parallel == 2
    assert intent.task.group == "evals"
    assert intent.task.needs == ("g/a",)
    assert intent.task.cwd == str(night.place.path)


def test_with_none_running_a_batch_is_begun(place: Place) -> None:
    said = call("add", "--", "echo", "hello")
    assert said.code == 0, said.err
    assert "starting the batch adhoc" in said.out
    assert "1 of 1 tasks succeeded" in said.out
    assert "hello" in call("logs", "*").out


def test_a_named_one_must_run(place: Place) -> None:
    place.ended()
    said = call("add", "-b", "night", "--", "true")
    assert said.code == 1
    assert "night is not running" in said.err


def test_which_of_two(place: Place) -> None:
    place.ended("here")
    other, place.path = place.path, place.home / "there"
    for name in ("one", "two"):
        place.running(name)
    place.path = other
    said = call("add", "--", "true")
    assert said.code == 1
    assert "to which batch?" in said.err
