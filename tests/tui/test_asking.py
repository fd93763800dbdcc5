from supervisor.core.intents import Pause
from supervisor.tui.asking import Asker
from supervisor.tui.glyphs import UNICODE
from supervisor.tui.messages import Asked, Said, Wanted
from supervisor.tui.screens.dialog import Option


def test_wishes_and_refusals_go_on_as_messages() -> None:
    posted: list[object] = []
    asker = Asker(UNICODE, posted.append)
    asker.want(Pause())
    asker.refuse("nothing here runs")
    wanted, said = posted
    assert isinstance(wanted, Wanted)
    assert wanted.intent == Pause()
    assert isinstance(said, Said)
    assert (said.text, said.bad) == ("nothing here runs", True)


def test_only_an_answer_is_heard() -> None:
    posted: list[object] = []
    heard: list[str] = []
    option = Option(key="y", words="yes", value="yes")
    Asker(UNICODE, posted.append).ask("Sure?", ["text"], [option], heard.append)
    (asked,) = posted
    assert isinstance(asked, Asked)
    asked.answered(None)
    asked.answered("")
    assert heard == []
    asked.answered("yes")
    assert heard == ["yes"]
