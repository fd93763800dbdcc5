from dataclasses import replace

from supervisor.tui.screens.task import TaskScreen
from supervisor.tui.widgets.task import AttemptTable, TaskText
from tests.support import until
from tests.tui.piloting import flying
from tests.tui.scene import LONG, engine
from tests.tui.task import page


async def test_the_cursor_begins_at_the_newest_attempt_and_stays_on_one_that_is_read() -> None:
    fake = engine()
    fake.pages[LONG] = replace(page(), attempts=page().attempts[:2])
    async with flying(fake) as flight:
        tasks = flight.overview.tasks
        tasks.go_to(tasks.keys.index(LONG))
        await flight.press("enter")
        screen = flight.app.screen
        assert isinstance(screen, TaskScreen)
        table, text = screen.query_one(AttemptTable), screen.query_one(TaskText)
        await until(lambda: table.key == "2")
        table.page = page()
        assert table.key == "3"
        await flight.press("G")
        await until(lambda: text.attempt == page().attempts[0])
        table.page = replace(page(), attempts=(*page().attempts, page().attempts[0]))
        assert table.key == "1"
        await until(lambda: "found by openai.server" in text.visible_text())


async def test_a_task_that_never_ran_says_so() -> None:
    fake = engine()
    fake.pages[LONG] = replace(page(), attempts=())
    async with flying(fake) as flight:
        tasks = flight.overview.tasks
        tasks.go_to(tasks.keys.index(LONG))
        await flight.press("enter")
        await until(lambda: "it has not run yet" in flight.text())
