"""Hostile text on every screen of the real program: what reaches the terminal, byte by byte."""

import re
import unicodedata
from base64 import b64decode
from pathlib import Path

import pyte
import pytest

from supervisor.tui.places import SCREENS
from tests.e2e.night import OVERNIGHT
from tests.terminal import Terminal, terminal
from tests.tui.hostile import MARK
from tests.tui.served import served

SIZE = (120, 40)
REDRAW = b"\x0c"
OURS = re.compile(
    r"\x1b\[\d+;\d+H|\x1b\[\d+G"  # where to write
    r"|\x1b\[[\d;]*m"  # colours
    r"|\x1b\[\?(?:7|25|1000|1002|1003|1004|1006|1015|1016|1049|2004|2026|2048)[hl]"  # modes
    r"|\x1b\]52;c;[A-Za-z0-9+/=]*\x07"  # what is copied, checked below
    r"|\x1b\]22;default\x07"  # the shape of the pointer
    r"|\x1b\[\?(?:2026|2048)\$p|\x1b\[[<>=]?\d*u|\x1b\[6n|\x1b\[c"  # questions at the start
)
"""All that a screen sends but text."""
KEYS: dict[str, list[bytes]] = {
    "overview": [
        b"\r",
        b"j",
        b"\x1b",
        b"m",
        b"\x1b",
        b"y",
        b"j",
        b"j",
        b"\t",
        b"\t",
        b"\t",
        b"w",
        b"\x1b",
        b"K",
        b"\x1b",
        b"!",
        b"\x1b",
    ],
    "containers": [b"y", b"j", b"\r", b"\x1b", b"K", b"\x1b"],
    "failures": [b"j", b"\r", b"\x1b", b"r", b"\x1b"],
    "timeline": [b"j", b"j", b"w", b"\x1b"],
    "log": [
        b"g",
        b"G",
        b"/line\r",
        b"n",
        b"&",
        b"&",
        b"W",
        b"T",
        b"@50%\r",
        b"y",
        b"\x1b[C",
        b"[",
        b"o",
        b"\x1b",
    ],
}
"""What is done on each screen, beside ``?`` and the palette."""


def shown(data: bytes) -> list[str]:
    """Return what a terminal shows after these bytes."""
    screen = pyte.Screen(*SIZE)
    pyte.Stream(screen).feed(_known(data))
    return list(screen.display)


def _known(data: bytes) -> str:
    """Return the text without private sequences, which the emulator would show as text."""
    text = data.decode("utf-8", "replace")
    return re.sub(r"\x1b\[[<>=?][^a-zA-Z]*[a-zA-Z]", "", text)


def is_harmless(data: bytes) -> None:
    """Fail where anything but our own sequences and visible text was written."""
    text = data.decode("utf-8")
    rest = OURS.sub("", text)
    wrong = [
        match.start()
        for match in re.finditer(r"[^ -~]", rest)
        if unicodedata.category(match[0]) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    ]
    assert not wrong, repr(rest[max(0, wrong[0] - 20) : wrong[0] + 60])
    assert MARK not in rest
    for copied in re.findall(r"\]52;c;([^\x07]*)", text):
        assert MARK not in (pasted := b64decode(copied).decode())
        assert pasted.replace("\n", "").isprintable(), repr(pasted)
    assert "\u0301" * 4 not in unicodedata.normalize("NFD", rest)


def step(ui: Terminal, key: bytes) -> None:
    """Press a key; what stands there then is what a redraw of everything would show."""
    ui.send(key)
    ui.settle(0.5)
    for tries_left in range(20, -1, -1):  # the clock goes on, and a log may be read meanwhile
        before = shown(bytes(ui.written))
        mark = len(ui.written)
        ui.send(REDRAW)
        ui.settle(0.5)
        is_harmless(bytes(ui.written))
        redrawn = bytes(ui.written[mark:])
        if not redrawn or shown(redrawn) == before:  # a question takes all keys
            return
        assert tries_left, key


@pytest.mark.parametrize("place", [place.name for place in SCREENS])
def test_no_text_of_others_steers_the_terminal(place: str, tmp_path: Path) -> None:
    home = tmp_path
    with (
        served(home, "hostile") as player,
        terminal([OVERNIGHT, "attach", "night"], cwd=home, environment=player.environment) as ui,
    ):
        ui.wait_for(b"cause")
        ui.settle()
        step(ui, next(one.key for one in SCREENS if one.name == place).encode())
        for key in [*KEYS.get(place, []), b"?", b"\x1b", b":", b"\x1b"]:
            step(ui, key)
