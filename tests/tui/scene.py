"""A fixed night for pictures: every phase, a hold, something that needs a person, awkward names."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from supervisor.config.themes import load_themes
from supervisor.core.board import Advice, Board, GroupRow, Head, LimitRow, NeedsYou, TaskRow
from supervisor.core.models import Stream, TaskId
from supervisor.tui.theme import ThemeSpec, theme_spec
from tests.fakes.engine import PHASES, FakeEngine, board_of, row

NOW = 1_771_467_240.0
"""2026-02-19 02:14 UTC."""
MINUTE = 60.0
HOUR = 3600.0

THEMES: Mapping[str, ThemeSpec] = {
    name: theme_spec(name, document)
    for name, document in load_themes([Path(__file__).parents[2] / "themes"]).items()
}

LONG = (
    "scicode/problem-0077-"
    + "integrate-the-time-dependent-schroedinger-equation-numerically"
    + "-step-3"
)
CJK = "colbench/評価タスク-日本語の長い名前-설계-中文名称测试"


def tasks() -> list[TaskRow]:
    """Return the rows, in the order of the batch file."""
    rows = [
        row(
            LONG,
            "running",
            attempt=2,
            attempts=4,
            since=NOW - 47 * MINUTE,
            progress=(31, 80),
            pid=4711,
        ),
        row("scicode/problem-0012", "succeeded", attempt=1, attempts=4, since=NOW - HOUR),
        row(
            "scicode/problem-0013",
            "failed",
            attempt=4,
            attempts=4,
            since=NOW - 22 * MINUTE,
            error_class="server_error",
            cause="openai.InternalServerError: Error code: 503 - upstream connect error",
        ),
        row("scicode/problem-0014", "starting", attempt=1, attempts=4, since=NOW - 2),
        row(
            "scicode/problem-0015",
            "running",
            attempt=1,
            attempts=4,
            since=NOW - 40 * MINUTE,
            note="quiet 31m",
        ),
        row(
            "corebench/capsule-0921079",
            "held",
            attempt=2,
            attempts=4,
            since=NOW - 10 * MINUTE,
            next_at=NOW + 3 * HOUR + 46 * MINUTE,
            error_class="usage_window",
            cause="You've hit your weekly limit · resets Feb 19, 6am (America/Los_Angeles)",
        ),
        row(
            "corebench/capsule-2345790",
            "backing_off",
            attempt=1,
            attempts=4,
            since=NOW - 20,
            next_at=NOW + 73,
            error_class="network",
            cause="httpx.ConnectError: [Errno 104] Connection reset by peer",
        ),
        row(
            "corebench/capsule-0504157",
            "frozen",
            attempt=1,
            attempts=4,
            since=NOW - 15 * MINUTE,
            pid=4712,
        ),
        row(
            "corebench/capsule-8536428",
            "unreachable",
            attempt=1,
            attempts=4,
            since=NOW - 3 * MINUTE,
            note="docker does not answer",
        ),
        row(
            "usaco/1333_platinum_good_bitstrings",
            "failed",
            attempt=1,
            attempts=4,
            since=NOW - 2 * HOUR,
            error_class="broken",
            cause="ModuleNotFoundError: No module named 'usaco_bench'",
        ),
        row(
            "usaco/1334_gold",
            "aborted",
            attempt=0,
            attempts=4,
            since=NOW - 2 * HOUR,
            cause="aborted: 5 consecutive failures",
        ),
        row("usaco/1335_gold", "cancelled", attempt=1, attempts=4, since=NOW - HOUR),
        row(CJK, "running", attempt=1, attempts=4, since=NOW - 5 * MINUTE, progress=(3, 120)),
        row(
            "colbench/[bold red]markup[/] \x1b[31mred\u202egnp.exe\u200b",
            "waiting",
            attempts=4,
            note="needs \x1b]52;c;aGk=\x07scicode",
        ),
    ]
    rows += [
        row(f"scienceagentbench/instance-{number:03d}", "waiting", attempts=4, note="needs scicode")
        for number in range(1, 21)
    ]
    rows += [
        row(
            f"colbench/dialogue-{number:02d}",
            "succeeded",
            attempt=1 + number % 2,
            attempts=4,
            since=NOW - number * MINUTE,
        )
        for number in range(1, 13)
    ]
    return rows


def groups(rows: list[TaskRow]) -> tuple[GroupRow, ...]:
    """Return the groups with their counts."""
    states = {
        "scicode": ("running", "closed", None, 5),
        "corebench": ("held", "closed", "limit trapi", 5),
        "usaco": ("aborted", "open", "5 consecutive failures: broken", 2),
        "colbench": ("paused", "closed", "paused by you", 8),
        "scienceagentbench": ("waiting", "half-open", "probing with instance-001", 4),
    }
    return tuple(
        GroupRow(
            group=name,
            parallel=parallel,
            running=sum(one.group == name and one.phase == "running" for one in rows),
            state=state,
            breaker=breaker,
            reason=reason,
            counts=MappingProxyType(
                {
                    phase: sum(one.group == name and one.phase == phase for one in rows)
                    for phase in PHASES
                }
            ),
        )
        for name, (state, breaker, reason, parallel) in states.items()
    )


def night(**head: object) -> Board:
    """Return the picture."""
    rows = tasks()
    facts: dict[str, object] = {
        "batch": "corebench-night",
        "state": "running",
        "started_at": NOW - 3 * HOUR - 12 * MINUTE,
        "as_of": NOW,
        "eta_s": 4 * HOUR + 26 * MINUTE,
        "groups": groups(rows),
        "limits": (
            LimitRow(
                limit="trapi",
                held_until=NOW + 3 * HOUR + 46 * MINUTE,
                reason="usage_window: resets Feb 19, 6am (America/Los_Angeles)",
                since=NOW - 10 * MINUTE,
                state="held",
            ),
        ),
        "needs_you": (
            NeedsYou(
                what="azure",
                since=NOW - 10 * MINUTE,
                why="login expired 02:04 (AADSTS700082)",
                command="az login --use-device-code; overnight resume azure",
            ),
        ),
        "advice": (Advice(group="colbench", parallel=8, suggested=5, why="57 of 60 idle"),),
        **head,
    }
    return board_of(*rows, **facts)


LOG = b"".join(
    b"2026-02-19 02:%02d:%02d INFO step %d: model answered in %d ms\n"
    % (10 + n // 60, n % 60, n, 200 + n * 37 % 900)
    for n in range(200)
)
TRACE = b"""Traceback (most recent call last):
  File "/home/me/run.py", line 88, in <module>
    main()
  File "/home/me/run.py", line 41, in main
    answer = client.chat.completions.create(model="gpt-4o", messages=messages)
openai.InternalServerError: Error code: 503 - upstream connect error
"""


def logs() -> dict[tuple[str, int, Stream], bytes]:
    """Return what the tasks wrote."""
    return {
        (LONG, 2, "stdout"): LOG + b"\r 10%\r 20%\r 38%|####      | 31/80",
        (LONG, 2, "stderr"): b"\x1b[33mwarning\x1b[0m: \x1b]0;title\x07slow disk\n",
        ("scicode/problem-0013", 4, "stdout"): LOG[:4000],
        ("scicode/problem-0013", 4, "stderr"): TRACE,
    }


def engine(board: Board | None = None) -> FakeEngine:
    """Return an engine that shows the night."""
    fake = FakeEngine(board or night())
    fake.logs.update(logs())
    fake.reasons[TaskId(LONG)] = ("runs since 01:27", "attempt 1 ended: network")
    return fake


__all__ = ["CJK", "LONG", "NOW", "THEMES", "Head", "engine", "night"]
