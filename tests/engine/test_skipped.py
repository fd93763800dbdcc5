"""What was not read is said once, counted at the end, and shown while it goes on."""

from supervisor.core.events import Event, Noted
from supervisor.core.models import TaskId
from supervisor.engine.skipped import Skipped
from supervisor.ports import Ref

ONE, TWO = Ref(TaskId("g/a"), 1), Ref(TaskId("g/b"), 2)


class Heard:
    """What was said, and what is shown."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.banners: dict[str, tuple[str, str]] = {}
        self.skipped = Skipped(self.submit, self.banner)

    async def submit(self, event: Event) -> None:
        self.events.append(event)

    def banner(self, key: str, text: str | None, command: str) -> None:
        self.banners.pop(key, None)
        if text is not None:
            self.banners[key] = (text, command)


async def test_a_reason_is_told_once_and_the_total_at_the_end() -> None:
    heard = Heard()
    await heard.skipped.note(ONE, "stdout.log", {"flood": 10})
    await heard.skipped.note(ONE, "stdout.log", {"flood": 3 << 30})
    assert heard.events == [
        Noted(
            task=ONE.task,
            attempt=1,
            text="stdout.log is not read whole: it is written faster than it can be read",
        )
    ]
    assert heard.banners == {
        "logs": ("some output is not read whole, such as that of g/a", "overnight why g/a")
    }
    await heard.skipped.over(ONE, {"stdout.log": {"flood": 3 << 30}})
    assert heard.events[-1] == Noted(
        task=ONE.task,
        attempt=1,
        text="3.0 GiB of stdout.log were not read: it is written faster than it can be read",
    )
    assert heard.banners == {}


async def test_the_banner_stays_while_another_one_goes_on() -> None:
    heard = Heard()
    await heard.skipped.note(ONE, "stdout.log", {"line": 10})
    await heard.skipped.note(TWO, "stderr.log", {"binary": 10})
    assert "such as that of g/a" in heard.banners["logs"][0]
    await heard.skipped.over(ONE, {"stdout.log": {"line": 10}})
    assert "such as that of g/b" in heard.banners["logs"][0]


async def test_what_was_skipped_only_at_the_end_needs_no_banner() -> None:
    heard = Heard()
    await heard.skipped.over(ONE, {"stdout.log": {"flood": 96 << 20}})
    assert [type(event) for event in heard.events] == [Noted]
    assert heard.banners == {}
