"""``overnight reload`` shows the difference and asks."""

from supervisor.core.intents import Reload
from supervisor.ports import Answer
from tests.cli.conftest import Night

AFTER = "parallel: 2\nrun: echo {n}\nfor: {n: [a, c]}\n"


def edited(night: Night, text: str = AFTER, name: str = "night.yaml") -> None:
    (night.place.path / name).write_text(text)


async def test_difference_question_intent(night: Night) -> None:
    edited(night)
    night.engine.answer = Answer(ok=True, messages=("~ parallel: none → 2", "- night/b"))
    said = await night.overnight("reload", "--dry-run")
    assert (said.code, said.out) == (0, "~ parallel: none → 2\n- night/b\n")
    assert (await night.overnight("reload")).code == 1, "nobody can be asked"
    assert all(isinstance(one, Reload) and one.preview for one, _ in night.engine.wanted)
    night.engine.wanted.clear()
    said = await night.overnight("reload", "night.yaml", "--yes", "--why", "more GPUs")
    assert said.code == 0
    (_, _), (intent, who) = night.engine.wanted
    assert isinstance(intent, Reload)
    assert intent.spec is not None
    assert not intent.preview
    assert [task.id for task in intent.spec.tasks] == ["night/a", "night/c"]
    assert who.endswith("(more GPUs)")


async def test_nothing_differs(night: Night) -> None:
    edited(night)
    night.engine.answer = Answer(ok=True)
    assert "nothing differs" in (await night.overnight("reload", "--yes")).out
    assert len(night.engine.wanted) == 1, "nothing is applied"


async def test_another_batch_or_a_wrong_file(night: Night) -> None:
    edited(night, name="other.yaml")
    assert "is the batch other, not night" in (await night.overnight("reload", "other.yaml")).err
    edited(night, "rnu: x\n")
    said = await night.overnight("reload", "--yes")
    assert said.code == 1
    assert "night.yaml:1" in said.err
    assert not night.engine.wanted


async def test_a_rule_that_no_engine_takes(night: Night) -> None:
    edited(night, "run: x\nrules: [{id: no.such, enabled: false}]\n")
    said = await night.overnight("reload", "--yes")
    assert said.code == 1
    assert "night.yaml:2: there is no rule no.such to switch off" in said.err
    assert not night.engine.wanted
