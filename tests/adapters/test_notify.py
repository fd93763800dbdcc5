"""The operator's own command gets the message in two forms."""

import json
from pathlib import Path

from supervisor.adapters.notify import CommandNotifier
from supervisor.core.message import trial as made_message
from supervisor.core.models import NotifySpec

TOLD = made_message("night", "/state", 5.0)


async def test_json_on_stdin_and_three_lines_in_the_environment(tmp_path: Path) -> None:
    run = 'cat > page.json; printf %s "$OVERNIGHT_MESSAGE" > page.txt'
    assert await CommandNotifier(str(tmp_path)).call(NotifySpec(run=run), TOLD) == ""
    document = json.loads((tmp_path / "page.json").read_text())
    assert (document["event"], document["batch"], document["v"]) == ("test", "night", 1)
    assert len((tmp_path / "page.txt").read_text().splitlines()) == 3


async def test_a_command_that_fails_says_why(tmp_path: Path) -> None:
    notifier = CommandNotifier(str(tmp_path))
    assert await notifier.call(NotifySpec(run="echo no pager; exit 3"), TOLD) == "exit 3: no pager"
    slow = await notifier.call(NotifySpec(run="sleep 60", timeout_s=0.2), TOLD)
    assert slow == "not done after 0.2 s"
