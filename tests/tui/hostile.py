"""A night whose every text tries to take the terminal over, for tests."""

from dataclasses import replace
from types import MappingProxyType

from supervisor.core.board import Advice, Board, GroupRow, LimitCost, LimitRow, NeedsYou
from supervisor.core.containers import ContainerRow
from supervisor.core.models import TaskId
from supervisor.core.night import Event, Slice, Stretch, Timeline
from supervisor.ports.containers import Described
from tests.fakes.engine import FakeEngine, board_of, row
from tests.tui.scene import MINUTE, NOW, groups

MARK = "PWNED"
"""Stands in the payload of every sequence: no byte of it may reach the terminal."""
ATTACKS = (
    f"\x1b]0;{MARK}\x07",  # the window's title
    f"\x1b]52;c;{MARK}\x07",  # the clipboard
    f"\x1b]8;;http://{MARK}.example\x1b\\link\x1b]8;;\x1b\\",
    f"\x1bP+q{MARK}\x1b\\",
    f"\x1b_{MARK}\x1b\\",
    f"\x9d0;{MARK}\x9c",
    "\x1b[2J\x1b[H\x1b[31;44m",
    "\x1b[?1049l\x1b[?1000h\x1bc\x1b[6n\x1b[c",
    "\x9b5m\x9b2J",
    "\r\n\t\b\x7f\x00\x0e",
    "[bold red]markup[/] [@click=app.bell]x[/] [link=http://x]y[/link]",
    "\u202eesrever\u202c \u2066iso\u2069",
    "zero\u200bwidth\u200d\ufeff\u2060",
    "e" + "\u0301" * 40,
    "👩\u200d👩\u200d👧\ufe0f 評価 \U000e0041",
    "\ud800lone",
)
ALL = " ".join(ATTACKS)
_GROUP = "g " + " ".join(ATTACKS[:-1]).replace("/", "|")
"""Engines are asked about tasks by their names, and no name is half a character."""


def text(name: str) -> str:
    """Return a text that is recognised by ``name`` and carries every attack."""
    return f"{name} {ALL}"


def hostile_board() -> Board:
    """Return a board of them."""
    phases = ("running", "failed", "held", "backing_off", "waiting", "aborted", "succeeded")
    rows = [
        row(
            _task(number, attack),
            phases[number % len(phases)],
            attempt=1,
            attempts=4,
            since=NOW - MINUTE,
            note=text("note"),
            cause=text(f"cause{number}"),
            error_class="server_error",
            next_at=NOW + 60,
        )
        for number, attack in enumerate(ATTACKS)
    ]
    group = groups(rows)[0]
    head = {
        "batch": text("batch"),
        "as_of": NOW,
        "started_at": NOW - 60 * MINUTE,
        "groups": (replace(group, group=rows[0].group, reason=text("why")), _other(group)),
        "limits": (
            LimitRow(
                limit=text("limit"),
                held_until=NOW + 90,
                reason=text("reason"),
                since=NOW,
                state="held",
            ),
        ),
        "needs_you": (
            NeedsYou(what=text("what"), since=NOW, why=text("why"), command=text("command")),
        ),
        "advice": (Advice(group=rows[0].group, parallel=8, suggested=5, why=text("idle")),),
    }
    containers = [_container(number, attack) for number, attack in enumerate(ATTACKS)]
    board = board_of(*rows, **head)
    return replace(board, containers=MappingProxyType({one.id: one for one in containers}))


def hostile() -> FakeEngine:
    """Return an engine that shows it, and says and wrote such things."""
    fake = FakeEngine(hostile_board())
    fake.night = _night()
    log = "\n".join(f"line {attack}" for attack in ATTACKS).encode("utf-8", "surrogatepass")
    long = b"long " + b"\x1b[31mx" * 220_000 + b"\xff\xfe\n"
    for task in fake.board.tasks:
        fake.logs[task, 1, "stdout"] = log + b"\n" + long + log + b"\n last 10%\r last 20%"
        fake.logs[task, 1, "stderr"] = log * 3
        fake.reasons[task] = (text("reason"), text("decided"))
    for id_ in fake.board.containers:
        fake.described[id_] = Described(inspection=text("inspection"), output=text("output"))
    return fake


def _task(number: int, attack: str) -> str:
    return f"{_GROUP}/{number} {attack}"


def _night() -> Timeline:
    limit = text("limit")
    return Timeline(
        begin=NOW - 60 * MINUTE,
        end=NOW,
        as_of=NOW,
        slices=(Slice(running=2.0, good=1, bad=1),) * 60,
        stretches=(Stretch(limit=limit, since=NOW - 900, until=None, reason=text("reason")),),
        events=tuple(
            Event(at=NOW - 60 + at, kind="hold", subject=limit, text=f"told {attack}")
            for at, attack in enumerate(ATTACKS)
        ),
        costs=(LimitCost(limit=limit, pauses=2, waited_s=90.0, lost_s=900.0),),
    )


def _other(group: GroupRow) -> GroupRow:
    return replace(group, group=text("other"), reason=text("reason"), state="held")


def _container(number: int, attack: str) -> ContainerRow:
    return ContainerRow(
        id=f"{number:064x}",
        name=f"box{number} {attack}",
        image=text("image"),
        task=TaskId(_task(number, attack)),
        attempt=1,
        group=_GROUP,
        owned=True,
        proof=text("proof"),
        state="busy",
        cores=0.5,
        cpu_percent=25.0,
        mem_bytes=1 << 20,
        created_at=NOW - MINUTE,
        why=text("why"),
    )
