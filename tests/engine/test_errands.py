"""Commands of limits: what they tell, what they give, and what is shown of them."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

from supervisor.adapters.scanner import ReScanner
from supervisor.core.effects import RunPreflight, RunRefresh
from supervisor.core.events import Event, PreflightEnded, RefreshEnded
from supervisor.core.models import CommandSpec, ErrorClass, LimitId
from supervisor.core.rules import Rule, RuleBook
from supervisor.core.state import Batch, fresh
from supervisor.engine.errands import Errands, command_judge
from supervisor.ports import Errand, Ran
from tests.engine.batches import spec_of
from tests.engine.night import Commands
from tests.engine.test_detectors import detector
from tests.support import ManualClock

G = LimitId("g")
RULES = RuleBook(
    [
        Rule(
            id="claude.window",
            pattern="usage limit reached",
            error_class=ErrorClass.USAGE_WINDOW,
            matches=("usage limit reached",),
        )
    ]
)
LOGIN = CommandSpec(run="login", env=("TOKEN", "OTHER"))
PING = CommandSpec(run="ping", timeout_s=30)


class Bench:
    """Errands over commands whose outcome the test names."""

    def __init__(self, refresh: CommandSpec | None = LOGIN) -> None:
        self.commands = Commands()
        self.events: list[Event] = []
        self.banners: dict[str, str | None] = {}
        self.shown: list[str] = []
        spec = spec_of("g/a")
        limit = replace(spec.limits[0], refresh=refresh, preflight=PING)
        self.batch: Batch = fresh(replace(spec, limits=(limit,)), "u", 0.0)
        clock = ManualClock()
        self.errands = Errands(
            commands=self.commands,
            clock=clock,
            submit=self.submit,
            cwd="/",
            judge=command_judge(RULES, ReScanner(RULES), lambda _: None),
            banner=self.banner,
        )

    async def submit(self, event: Event) -> None:
        self.events.append(event)

    def banner(self, key: str, text: str | None, command: str) -> None:
        self.banners[key] = text
        if text is not None:
            self.shown.append(f"{key}: {text} -> {command}")

    async def does(self, effect: RunRefresh | RunPreflight) -> Event:
        order = self.errands.take_in(self.batch, effect)
        assert order is not None
        await self.errands.run(order)
        return self.events[-1]


async def test_what_a_refresh_writes_is_given_to_later_attempts_and_commands() -> None:
    one = Bench()
    one.commands.value = "s3cret"
    assert await one.does(RunRefresh(limit=G)) == RefreshEnded(limit=G, cause="")
    assert one.errands.values((G, LimitId("other"))) == {"TOKEN": "s3cret", "OTHER": "s3cret"}
    await one.does(RunPreflight(limit=G))
    refresh, preflight = one.commands.errands
    assert refresh.captures
    assert not preflight.captures
    assert preflight.env == {"TOKEN": "s3cret", "OTHER": "s3cret"}
    assert preflight.timeout_s == 30
    assert "s3cret" not in repr(preflight)
    assert "s3cret" not in repr(Ran(cause="", code=0, output="", value="s3cret"))


async def test_a_refresh_that_writes_nothing_has_failed() -> None:
    for value in ("", "a\0b"):
        one = Bench()
        one.commands.value = value
        event = await one.does(RunRefresh(limit=G))
        assert isinstance(event, RefreshEnded)
        assert "env: wants" in event.cause
        assert one.errands.values((G,)) == {}


async def test_a_refresh_without_env_may_be_silent() -> None:
    one = Bench(refresh=CommandSpec(run="login"))
    assert await one.does(RunRefresh(limit=G)) == RefreshEnded(limit=G, cause="")
    assert not one.commands.errands[0].captures


async def test_what_a_preflight_says_is_judged_like_an_attempt() -> None:
    one = Bench()
    one.commands.outcome = "exit 1: Error: usage limit reached"
    one.commands.output = "Error: usage limit reached\nbye"
    event = await one.does(RunPreflight(limit=G))
    assert event == PreflightEnded(
        limit=G,
        cause="exit 1: Error: usage limit reached",
        error_class=ErrorClass.USAGE_WINDOW,
    )
    one.commands.output = "something else"
    event = await one.does(RunPreflight(limit=G))
    assert isinstance(event, PreflightEnded)
    assert event.error_class is None


async def test_a_command_that_the_file_no_longer_has_ends_at_once() -> None:
    one = Bench(refresh=None)
    event = await one.does(RunRefresh(limit=G))
    assert event == RefreshEnded(limit=G, cause="the batch file has no refresh for it")
    assert not one.commands.errands


async def test_what_cannot_be_run_is_a_failure_and_no_end_of_the_engine() -> None:
    one = Bench()

    async def ask(errand: Errand, said: Callable[[str], None]) -> Ran:
        raise OSError("no shell")

    one.commands.ask = ask  # type: ignore[method-assign]
    event = await one.does(RunPreflight(limit=G))
    assert isinstance(event, PreflightEnded)
    assert "no shell" in event.cause


async def test_what_it_asks_of_a_person_is_shown_until_it_is_over() -> None:
    one = Bench()
    one.commands.value = "x"
    one.commands.saying = "open https://microsoft.com/devicelogin and enter the code AB12"
    await one.does(RunRefresh(limit=G))
    way = "open https://microsoft.com/devicelogin and enter AB12"
    assert one.shown == [f"g: login: {one.commands.saying} -> {way}"]
    assert one.banners == {"g: login": None}
    one.commands.saying = "working"
    await one.does(RunRefresh(limit=G))
    assert len(one.shown) == 1, "chatter asks for nothing"


async def test_one_refresh_at_a_time_and_of_preflights_the_newest_counts() -> None:
    one = Bench()
    one.commands.value = "x"
    first = one.errands.take_in(one.batch, RunRefresh(limit=G))
    assert first is not None
    assert one.errands.take_in(one.batch, RunRefresh(limit=G)) is None
    ping = one.errands.take_in(one.batch, RunPreflight(limit=G))
    assert ping is not None
    assert one.errands.take_in(one.batch, RunPreflight(limit=G)) is None
    async with asyncio.TaskGroup() as group:
        group.create_task(one.errands.run(first))
        group.create_task(one.errands.run(ping))
    assert sorted(one.commands.ran) == ["login", "ping", "ping"]
    assert sorted(type(event).__name__ for event in one.events) == [
        "PreflightEnded",
        "RefreshEnded",
    ]
    assert one.errands.take_in(one.batch, RunPreflight(limit=G)) is not None


async def test_other_rules_judge_commands_from_now_on() -> None:
    one = Bench()
    one.errands.adopt(detector("wallet is empty"))
    one.commands.outcome, one.commands.output = "exit 1", "Error: wallet is empty"
    event = await one.does(RunPreflight(limit=G))
    assert isinstance(event, PreflightEnded)
    assert event.error_class is ErrorClass.QUOTA
