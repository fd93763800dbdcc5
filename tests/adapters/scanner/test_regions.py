"""Huge files, by all processors."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from supervisor.adapters.scanner import regions
from supervisor.adapters.scanner.plain import ReScanner
from supervisor.adapters.scanner.regions import Looker, glances, processors
from supervisor.adapters.zones import zone_lookup
from supervisor.core.glance import Glance, glance
from supervisor.core.judging import Judge
from supervisor.core.lines import LONGEST, LineReader
from supervisor.core.models import ErrorClass
from supervisor.core.rules import Rule, RuleBook

RULES = RuleBook([Rule(id="t.net", error_class=ErrorClass.NETWORK, pattern="timed out")])


def looker(path: Path) -> Looker:
    return Looker(path, RULES, ReScanner(RULES))


def whole(data: bytes) -> Glance:
    reader = LineReader()
    blocks = [block for block in (reader.feed(data), reader.flush()) if block]
    return glance(blocks, RULES, ReScanner(RULES).scan, "stderr")


def together(parts: list[Glance]) -> tuple[int, list[tuple[int, str]]]:
    lines, telling = 0, list[tuple[int, str]]()
    for part in parts:
        telling += [(lines + told.number, told.finding.excerpt) for told in part.told]
        lines += part.lines
    return lines, telling


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.lists(st.sampled_from([b"", b"a", b"x" * 9, b"Error: timed out", b"y" * 70])),
    end=st.sampled_from([b"", b"\n", b"\r\n"]),
    region=st.integers(1, 60),
    piece=st.integers(1, 50),
)
def test_regions_make_up_the_file(
    lines: list[bytes],
    end: bytes,
    region: int,
    piece: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Wherever they are cut, each line is in exactly one of them."""
    data = b"\n".join(lines) + end
    path = tmp_path / "log"
    path.write_bytes(data)
    with monkeypatch.context() as patch:
        patch.setattr(regions, "REGION_BYTES", region)
        patch.setattr(regions, "_PIECE", piece)
        parts = list(glances(looker(path), workers=1))
    expected = whole(data)
    assert together(parts) == together([expected])


def test_several_processes_come_to_the_same_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In order, with word of how far it has been read."""
    monkeypatch.setattr(regions, "REGION_BYTES", 20_000)
    path = tmp_path / "log"
    text = "".join(f"step {n}\n" if n % 777 else f"Error: {n} timed out\n" for n in range(20_000))
    path.write_text(text)
    told: list[int] = []
    judge = Judge(RULES, ReScanner(RULES).scan, zone_lookup("UTC"))
    parts = glances(looker(path), workers=2, told=told.append)
    found = judge.judge_parts(parts, 0.0, live=False)
    assert found == judge.judge([text.encode()], 0.0, live=False)
    assert found.lines == 20_000
    assert told[-1] == len(text)
    assert told == sorted(told)


def test_stopping_early_ends_the_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asks for one part only is not kept waiting for the rest."""
    monkeypatch.setattr(regions, "REGION_BYTES", 1000)
    path = tmp_path / "log"
    path.write_bytes(b"a line\n" * 3000)
    parts = glances(looker(path), workers=2)
    assert next(parts).lines == 143
    parts.close()


def test_a_line_longer_than_any_region(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the first region's; the others hold nothing."""
    monkeypatch.setattr(regions, "REGION_BYTES", 100_000)
    path = tmp_path / "log"
    path.write_bytes(b"Error: timed out" + b"x" * 3_000_000 + b"\nlast\n")
    parts = list(glances(looker(path), workers=1))
    assert [part.lines for part in parts] == [1] + [0] * 29 + [1]
    assert parts[-1].last == b"last"
    assert sum(part.skipped for part in parts) == 3_000_016 - LONGEST
    judge = Judge(RULES, ReScanner(RULES).scan, zone_lookup("UTC"))
    assert judge.judge_parts(parts, 0.0, live=False) == judge.judge(
        [path.read_bytes()], 0.0, live=False
    )


def test_an_empty_file(tmp_path: Path) -> None:
    """Nothing to look over."""
    path = tmp_path / "log"
    path.touch()
    assert list(glances(looker(path), workers=4)) == []


def test_processors() -> None:
    """There is at least the one this runs on."""
    assert processors() >= 1
