from supervisor.core.containers import ContainerRow
from supervisor.core.intents import KillContainers
from supervisor.tui.container_helm import ContainerHelm
from supervisor.tui.glyphs import UNICODE
from supervisor.tui.messages import Asked, Said, Wanted
from tests.tui.scene import NOW


def container(name: str, *, owned: bool = True) -> ContainerRow:
    return ContainerRow(id=f"id-{name}", name=name, image="busybox", owned=owned, state="idle")


class Posted:
    """A helm, and what it posted."""

    def __init__(self) -> None:
        self.messages: list[object] = []
        self.helm = ContainerHelm(UNICODE, self.messages.append)

    @property
    def asked(self) -> Asked:
        found = self.messages[-1]
        assert isinstance(found, Asked)
        return found


def test_ours_are_ended_after_a_list() -> None:
    at = Posted()
    at.helm.kill_containers([container("a"), container("b", owned=False), container("c")], NOW, ())
    assert len(at.messages) == 1
    at.asked.answered("kill")
    wanted = at.messages[-1]
    assert isinstance(wanted, Wanted)
    assert wanted.intent == KillContainers(ids=("id-a", "id-c"))


def test_one_that_is_not_ours_is_asked_for_by_its_whole_name() -> None:
    at = Posted()
    at.helm.kill_containers([container("theirs", owned=False)], NOW, ())
    question = at.asked
    question.answered("their")
    said = at.messages[-1]
    assert isinstance(said, Said)
    assert "nothing was done" in said.text
    question.answered(None)
    question.answered("theirs")
    wanted = at.messages[-1]
    assert isinstance(wanted, Wanted)
    assert wanted.intent == KillContainers(ids=("id-theirs",), unowned=True)


def test_several_that_are_not_ours_are_left_alone() -> None:
    at = Posted()
    at.helm.kill_containers([container("a", owned=False), container("b", owned=False)], NOW, ())
    (said,) = at.messages
    assert isinstance(said, Said)
    assert "nothing proves" in said.text
