"""The combinations of values that ``for`` and ``except`` ask for."""

import csv
import glob
import io
import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from supervisor.config.problems import nearest
from supervisor.config.schema import SourceKeys
from supervisor.config.source import Loc
from supervisor.core.command import RESERVED, variable

Params = dict[str, str]
Report = Callable[[Loc, str], None]
"""Takes a fault and the place below the matrix's own place where it is."""

MOST_TASKS = 1_000_000
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class _Axis:
    """One direction of the matrix: the names it brings, and the rows of values for them."""

    names: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


def combinations(
    matrix: Mapping[str, tuple[str, ...] | SourceKeys],
    excluded: Sequence[Mapping[str, str]],
    directory: Path,
    report: Report,
) -> list[Params]:
    """Return every combination in the order of the file; the last name changes fastest.

    Files are looked for from ``directory``. Faults go to ``report``; then the result is empty.
    """
    axes = [axis for key in matrix if (axis := _axis(key, matrix[key], directory, report))]
    names = [name for axis in axes for name in axis.names]
    sound = len(axes) == len(matrix) and _check_names(names, report)
    sound = _check_excluded(excluded, names, report) and sound
    total = 1
    for axis in axes:
        total *= len(axis.rows)
    if total > MOST_TASKS:
        report(("for",), f"makes {total} tasks; at most {MOST_TASKS} are possible")
    if not sound or total > MOST_TASKS:
        return []
    found = [
        dict(zip(names, itertools.chain.from_iterable(rows), strict=True))
        for rows in itertools.product(*(axis.rows for axis in axes))
    ]
    kept = [params for params in found if not _is_excluded(params, excluded)] if excluded else found
    if not kept:
        report(("except",), "leaves out every combination")
    return kept


def _is_excluded(params: Params, excluded: Sequence[Mapping[str, str]]) -> bool:
    return any(params.items() >= values.items() for values in excluded)


def _axis(
    key: str, values: tuple[str, ...] | SourceKeys, directory: Path, report: Report
) -> _Axis | None:
    place: Loc = ("for", key)
    try:
        axis = _read_axis(key, values, directory)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        report(place, f"cannot read {_file(values)!r} in {directory}: {reason}")
        return None
    except ValueError as error:
        report(place, str(error))
        return None
    if not axis.rows:
        report(place, _emptiness(values, directory))
        return None
    return axis


def _read_axis(key: str, values: tuple[str, ...] | SourceKeys, directory: Path) -> _Axis:
    if not isinstance(values, SourceKeys):
        return _Axis((key,), [(value,) for value in values])
    kinds = [kind for kind in ("lines", "glob", "table") if getattr(values, kind) is not None]
    if len(kinds) != 1:
        raise ValueError("needs exactly one of lines, glob or table")
    if values.table is not None:
        if values.chunk:
            raise ValueError("chunk works with lines and glob, not with table")
        return _table(directory / Path(values.table).expanduser())
    if values.lines is not None:
        found = _lines(directory / Path(values.lines).expanduser())
    else:
        pattern = str(Path(values.glob or "").expanduser())
        # Path.glob takes no absolute patterns.
        found = sorted(glob.glob(pattern, root_dir=directory, recursive=True))  # noqa: PTH207
    return _Axis((key,), [(value,) for value in _chunks(found, values.chunk or 1)])


def _file(values: tuple[str, ...] | SourceKeys) -> str:
    return (values.lines or values.table or "") if isinstance(values, SourceKeys) else ""


def _emptiness(values: tuple[str, ...] | SourceKeys, directory: Path) -> str:
    if not isinstance(values, SourceKeys):
        return "has no values"
    if values.glob is not None:
        return f"{values.glob!r} matches nothing in {directory}"
    return f"{_file(values)!r} in {directory} has no values"


def _lines(path: Path) -> list[str]:
    """Return the lines of a file, without blank ones and those that begin with ``#``."""
    lines = (line.strip() for line in _text(path).split("\n"))
    return [line for line in lines if line and not line.startswith("#")]


def _text(path: Path) -> str:
    text = path.read_text(encoding="utf-8-sig")
    if "\0" in text:
        raise ValueError(f"{path} holds NUL characters: it is no text file")
    return text


def _chunks(values: list[str], length: int) -> Iterator[str]:
    for at in range(0, len(values), length):
        yield " ".join(values[at : at + length])


def _table(path: Path) -> _Axis:
    delimiter = "\t" if path.suffix == ".tsv" else ","
    reader = csv.reader(io.StringIO(_text(path)), delimiter=delimiter, strict=True)
    header = [name.strip() for name in next(reader, list[str]())]
    rows: list[tuple[str, ...]] = []
    for row in reader:
        if row and len(row) != len(header):
            raise ValueError(
                f"{path}:{reader.line_num}: {len(row)} values for {len(header)} columns"
            )
        if row:
            rows.append(tuple(row))
    return _Axis(tuple(header), rows)


def _check_names(names: Sequence[str], report: Report) -> bool:
    seen: dict[str, str] = {}
    sound = True
    for name in names:
        fault = _name_fault(name, seen)
        seen[variable(name)] = name
        if fault:
            report(("for", name), fault)
            sound = False
    return sound


def _name_fault(name: str, seen: Mapping[str, str]) -> str:
    if not _NAME.fullmatch(name):
        return f"{name!r} is no name for a value: use letters, digits, _ and -"
    if variable(name) in {variable(reserved) for reserved in RESERVED}:
        return f"{name!r} is taken: {{{name.lower()}}} means the attempt's own"
    other = seen.get(variable(name))
    if other == name:
        return f"{name!r} is given twice"
    return f"{name!r} and {other!r} would share ${variable(name)}" if other else ""


def _check_excluded(
    excluded: Sequence[Mapping[str, str]], names: Sequence[str], report: Report
) -> bool:
    sound = True
    for at, values in enumerate(excluded):
        for name in values:
            if name not in names:
                report(("except", at, name), f"no such name under for{nearest(name, names)}")
                sound = False
        if not values:
            report(("except", at), "is empty")
            sound = False
    return sound
