from supervisor.core.models import Stream
from supervisor.tui.pages import PAGE
from supervisor.tui.widgets.log import LogPane
from tests.fakes.engine import FakeEngine, board_of, row
from tests.support import until
from tests.tui.piloting import Flight, flying

RUNNING = row("g/a", "running", attempt=1, attempts=4)


def fake_with(stdout: bytes = b"", stderr: bytes = b"", one: object = RUNNING) -> FakeEngine:
    fake = FakeEngine(board_of(one))  # type: ignore[arg-type]
    fake.logs["g/a", 1, "stdout"] = stdout
    fake.logs["g/a", 1, "stderr"] = stderr
    return fake


def pane(flight: Flight) -> LogPane:
    return flight.overview.log_pane


def write(flight: Flight, text: bytes, stream: Stream = "stdout") -> None:
    flight.fake.logs["g/a", 1, stream] += text


async def test_the_end_is_followed() -> None:
    async with flying(fake_with(b"one\n")) as flight:
        await until(lambda: pane(flight).visible_text() == "one")
        write(flight, b"two\nthr")
        await until(lambda: pane(flight).visible_text() == "one\ntwo\nthr")
        write(flight, b"ee\n 10%\r 20%")
        await until(lambda: pane(flight).visible_text() == "one\ntwo\nthree\n 20%")


async def test_scrolling_up_stops_following_and_the_end_resumes() -> None:
    text = b"".join(b"line %d\n" % number for number in range(100))
    async with flying(fake_with(text)) as flight:
        await until(lambda: "line 99" in pane(flight).visible_text())
        await flight.press("tab", "pageup")
        assert not pane(flight).reader.following
        before = pane(flight).visible_text()
        write(flight, b"more\n")
        await until(lambda: pane(flight).length == 101)
        assert pane(flight).visible_text() == before
        assert "%" in flight.text()
        await flight.press("G")
        assert pane(flight).reader.following
        await flight.press("g")
        assert "line 0" in pane(flight).visible_text()
        await flight.press("f")
        assert "more" in pane(flight).visible_text()
        await flight.press("f", "f", "k")
        assert not pane(flight).reader.following


async def test_a_huge_log_opens_at_its_end_and_jumps_over_what_is_too_much() -> None:
    async with flying(fake_with(b"x\n")) as flight:
        await until(lambda: pane(flight).visible_text())
        write(flight, b"y" * (8 * PAGE) + b"\nlast\n")
        await until(lambda: "last" in pane(flight).visible_text())
        assert pane(flight).length < 100


async def test_a_truncated_log_begins_anew() -> None:
    async with flying(fake_with(b"old\n" * 10)) as flight:
        await until(lambda: pane(flight).visible_text())
        flight.fake.logs["g/a", 1, "stdout"] = b"new\n"
        await until(lambda: pane(flight).visible_text() == "new")


async def test_the_telling_stream_is_shown_first() -> None:
    failed = row("g/a", "failed", attempt=1, error_class="auth", cause="401 token expired here")
    async with flying(fake_with(b"out\n", b"401 token expired here\n", failed)) as flight:
        await until(lambda: pane(flight).visible_text() == "401 token expired here")
        await flight.press("o")
        await until(lambda: pane(flight).visible_text() == "out")
    async with flying(fake_with(b"", b"err\n")) as flight:
        await until(lambda: pane(flight).visible_text() == "err")


async def test_a_new_attempt_has_its_own_log() -> None:
    async with flying(fake_with(b"first\n")) as flight:
        await until(lambda: pane(flight).visible_text() == "first")
        flight.fake.logs["g/a", 2, "stdout"] = b"second\n"
        await flight.fake.show(row("g/a", "running", attempt=2, attempts=4))
        await until(lambda: pane(flight).visible_text() == "second")


async def test_what_is_over_is_read_once() -> None:
    done = row("g/a", "succeeded", attempt=1)
    async with flying(fake_with(b"done\n", b"", done)) as flight:
        await until(lambda: pane(flight).visible_text() == "done")
        write(flight, b"never read\n")
        await until(lambda: pane(flight)._settled)
        pane(flight).look()
        await flight.pilot.pause()
        assert pane(flight).visible_text() == "done"


async def test_nothing_to_show_is_said() -> None:
    async with flying(FakeEngine(board_of(row("g/a", "waiting", note="needs h")))) as flight:
        await until(lambda: "has not started: needs h" in flight.text())
    async with flying(fake_with()) as flight:
        await until(lambda: "nothing on stdout" in flight.text())
    async with flying(FakeEngine(board_of())) as flight:
        assert "no task here" in flight.text()


async def test_lines_are_wrapped_anew_at_another_width() -> None:
    async with flying(fake_with(b"word " * 30 + b"\n"), size=(120, 40)) as flight:
        await until(lambda: pane(flight).length == 2)
        await flight.pilot.resize_terminal(80, 24)
        await until(lambda: pane(flight).length == 2)
        await flight.press("tab")
        await flight.pilot.resize_terminal(40, 20)
        await until(lambda: pane(flight).length > 3)


async def test_a_gone_engine_leaves_what_is_shown() -> None:
    async with flying(fake_with(b"text\n")) as flight:
        await until(lambda: pane(flight).visible_text() == "text")
        flight.fake.gone = True
        pane(flight).look()
        await flight.pilot.pause(0.1)
        assert pane(flight).visible_text() == "text"
        flight.fake.gone = False
        write(flight, b"more\n")
        await until(lambda: pane(flight).visible_text() == "text\nmore")


async def test_deadlines_stand_in_the_title() -> None:
    async with flying(fake_with(b"x\n"), size=(120, 40)) as flight:
        now = flight.time.now
        await flight.fake.show(row("g/a", "running", attempt=1, next_at=now + 90))
        await until(lambda: "times out in 90s" in flight.text())
        await flight.fake.show(row("g/a", "backing_off", attempt=1, next_at=now + 42))
        await until(lambda: "goes on in 42s" in flight.text())
