"""What is asked about an edited batch file fits a dialog."""

from supervisor.core.board import Edited
from supervisor.core.intents import Reload
from supervisor.tui.edits import question
from supervisor.tui.screens.dialog import Styled


def words(edited: Edited) -> list[str]:
    return [one.text if isinstance(one, Styled) else one for one in question(edited).text]


def test_a_long_difference_is_cut_and_says_where_all_of_it_is() -> None:
    edited = Edited(
        file="/w/night.yaml",
        since=0.0,
        lines=tuple(f"+ g/{n}" for n in range(40)),
        seen="x",
    )
    asked = question(edited)
    assert asked.title == "Apply the edited night.yaml?"
    assert asked.intent == Reload(seen="x")
    assert [option.key for option in asked.options] == ["R"]
    assert words(edited)[16:] == [
        "… 24 more: overnight reload --dry-run",
        "",
        "What runs, runs on as it began.",
    ]


def test_faults_are_only_told() -> None:
    edited = Edited(file="/w/night.yaml", since=0.0, faults=("/w/night.yaml:3: retyr",))
    asked = question(edited)
    assert (asked.options, asked.intent) == ((), None)
    assert words(edited)[0] == "/w/night.yaml:3: retyr"
