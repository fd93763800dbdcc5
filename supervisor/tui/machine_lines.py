"""What the machine has and what is used of it as lines of text; figures change when they mean something."""

from collections.abc import Sequence
from dataclasses import dataclass

from supervisor.core.board import Head
from supervisor.core.machine import DiskSeen, GpuRow, Resources
from supervisor.tui.format import filled, fit, plain, size
from supervisor.tui.glyphs import Glyphs
from supervisor.tui.night_chart import bars_of
from supervisor.tui.widgets.lines import Line, Piece, cells

_LABEL_CELLS = 8
_HISTORY_FROM = 100
"""Cells from which the last ten minutes have room beside the figures."""
_LEAST_CELLS = 8
"""A fact that is cut shorter tells nothing."""
_MUCH, _TOO_MUCH = 0.85, 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class _Figure:
    """One line: its name, how much is used (0 to 1; None: that has no measure), and facts."""

    label: str
    share: float | None
    facts: tuple[Piece, ...]
    history: tuple[float, ...] = ()
    look: str = ""
    """None of those that its share has."""


def machine_lines(
    found: Resources, head: Head, width: int, most_gpus: int, glyphs: Glyphs
) -> tuple[Line, ...]:
    """Return cores, memory, disks, GPUs, the container engine and our own engine, a line for each."""
    figures = [
        _cores(found),
        _memory(found),
        *(_disk(disk, glyphs) for disk in found.machine.disks),
        *_gpus(found, most_gpus, glyphs),
        *_containers(head),
        _own(found),
    ]
    return tuple(_line(one, width, glyphs) for one in figures)


def cores_text(cores: float | None) -> str:
    """Return cores in use, to a tenth; whole ones from ten on."""
    if cores is None:
        return "?"
    return f"{cores:.0f}" if cores >= 9.95 else f"{cores:.1f}"


def _cores(found: Resources) -> _Figure:
    machine = found.machine
    facts: list[Piece] = [(f"{cores_text(found.busy)} of {machine.cores} cores", "")]
    if machine.load is not None:
        facts.append((f"load {' '.join(f'{one:.1f}' for one in machine.load)}", "dim"))
    return _Figure(
        label="cpu",
        share=None if found.busy is None else found.busy / machine.cores,
        facts=tuple(facts),
        history=tuple(one.cores / machine.cores for one in found.history),
        # All cores in use is what a night is for.
        look="good",
    )


def _memory(found: Resources) -> _Figure:
    machine = found.machine
    used = machine.mem_bytes - machine.available_bytes
    facts: list[Piece] = [(f"{size(used)} of {size(machine.mem_bytes)}", "")]
    if machine.swap_used_bytes > 0:
        facts.append((f"swap {size(machine.swap_used_bytes)} of {size(machine.swap_bytes)}", "dim"))
    return _Figure(
        label="memory",
        share=used / machine.mem_bytes if machine.mem_bytes else None,
        facts=tuple(facts),
        history=tuple(one.mem_share for one in found.history),
    )


def _disk(disk: DiskSeen, glyphs: Glyphs) -> _Figure:
    used = disk.total_bytes - disk.free_bytes
    path = plain(disk.path, ascii_only=glyphs.ascii_only)
    return _Figure(
        label="disk",
        share=used / disk.total_bytes if disk.total_bytes else None,
        facts=(
            (f"{size(disk.free_bytes)} free of {size(disk.total_bytes)}", ""),
            (path, "dim"),
            (", ".join(disk.holds), "dim"),
        ),
    )


def _gpus(found: Resources, most: int, glyphs: Glyphs) -> list[_Figure]:
    if found.gpu_trouble:
        trouble = plain(found.gpu_trouble, ascii_only=glyphs.ascii_only)
        return [_Figure(label="gpu", share=None, facts=((trouble, "dim"),))]
    shown = found.gpus if len(found.gpus) <= most else found.gpus[: most - 1]
    figures = [_gpu(one, glyphs) for one in shown]
    if rest := found.gpus[len(shown) :]:
        idle = sum(not one.figures.lost and not one.figures.processes for one in rest)
        words = f"{len(rest)} more, {idle} without any process"
        figures.append(_Figure(label="gpu", share=None, facts=((words, "dim"),)))
    return figures


def _gpu(row: GpuRow, glyphs: Glyphs) -> _Figure:
    one = row.figures
    label = f"gpu {one.index}"
    if one.lost:
        lost = plain(one.lost, ascii_only=glyphs.ascii_only)
        return _Figure(label=label, share=None, facts=((lost, "bad"),))
    facts: list[Piece] = []
    if one.busy_percent is not None:
        facts.append((f"{_step(one.busy_percent, 5)}% busy", ""))
    facts.append((f"{size(one.used_bytes)} of {size(one.mem_bytes)}", ""))
    if row.out:
        facts.append((plain(row.out, ascii_only=glyphs.ascii_only), "bad"))
    if row.by is not None:
        facts.append((plain(row.by, ascii_only=glyphs.ascii_only), "running"))
    if one.celsius is not None:
        facts.append((f"{_step(one.celsius, 5)} C", "dim"))
    if one.watts is not None:
        facts.append((f"{_step(one.watts, 10)} W", "dim"))
    facts.append((plain(one.name, ascii_only=glyphs.ascii_only), "dim"))
    share = one.used_bytes / one.mem_bytes if one.busy_percent is None else one.busy_percent / 100
    return _Figure(label=label, share=share, facts=tuple(facts), look="good")


def _containers(head: Head) -> list[_Figure]:
    counts = head.containers
    if counts is None:
        return []
    facts: list[Piece] = []
    if head.daemon_busy is not None:
        facts.append((f"{cores_text(head.daemon_busy)} cores", ""))
    facts.append((f"{counts.busy} of {counts.running} containers busy", "dim"))
    if counts.dead_idle:
        facts.append((f"{counts.dead_idle} dead", "failed"))
    if head.daemon_busy is not None:
        facts.append(("the container engine itself", "dim"))
    return [_Figure(label="docker", share=None, facts=tuple(facts))]


def _own(found: Resources) -> _Figure:
    own = found.machine.engine
    facts: list[Piece] = [
        (f"{cores_text(found.engine_cores)} cores", ""),
        (size(own.rss_bytes), ""),
    ]
    if own.threads is not None and own.files is not None:
        facts.append((f"{own.threads} threads, {own.files} files", "dim"))
    facts.append(("of this batch itself", "dim"))
    return _Figure(label="engine", share=None, facts=tuple(facts))


def _step(value: int, step: int) -> int:
    return round(value / step) * step


def _line(figure: _Figure, width: int, glyphs: Glyphs) -> Line:
    pieces: list[Piece] = [(f" {figure.label:<{_LABEL_CELLS}} ", "dim")]
    bar_cells = 0 if width < 60 else 10 if width < _HISTORY_FROM else 20
    if figure.share is not None and bar_cells:
        pieces += meter(figure.share, bar_cells, figure.look, glyphs)
    elif bar_cells:
        pieces.append((" " * (bar_cells + 2), ""))
    history = bars_of(figure.history, 1.0, glyphs) if width >= _HISTORY_FROM else ""
    room = width - sum(cells(text) for text, _ in pieces) - (len(history) + 9 if history else 1)
    used = 0
    for text, look in figure.facts:
        between = f" {glyphs.dot} " if used else ""
        left = room - used - cells(between)
        if used and left < min(cells(text), _LEAST_CELLS):
            break
        text = fit(text, min(cells(text), left), ellipsis=glyphs.ellipsis)
        pieces += [(between, "dim"), (text, look)]
        used += cells(between + text)
    if history:
        pieces += [(" " * (room - used + 1), ""), (history, "dim"), (" 10 min", "dim")]
    return Line(tuple(pieces))


def meter(share: float, length: int, look: str, glyphs: Glyphs) -> Sequence[Piece]:
    """Return a bar of ``length`` cells and a gap; without a ``look`` of its own, much is alarming."""
    if not look:
        look = "bad" if share >= _TOO_MUCH else "warn" if share >= _MUCH else "good"
    full = filled(round(share * 1000), 1000, length)
    return [(glyphs.done * full, look), (glyphs.left * (length - full), "rule"), ("  ", "")]
