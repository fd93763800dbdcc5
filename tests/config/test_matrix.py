"""Matrices: lists, lines, globs, tables, chunks, and what is left out."""

from pathlib import Path

import pytest

from supervisor.config.matrix import combinations
from supervisor.config.schema import SourceKeys
from supervisor.config.source import Loc

Matrix = dict[str, tuple[str, ...] | SourceKeys]


def source(**keys: str) -> SourceKeys:
    return SourceKeys.model_validate(keys)


def expanded(
    matrix: Matrix, folder: Path = Path("/"), *excluded: dict[str, str]
) -> list[dict[str, str]]:
    faults: list[tuple[Loc, str]] = []
    found = combinations(matrix, excluded, folder, lambda loc, text: faults.append((loc, text)))
    assert faults == []
    return found


def refused(
    matrix: Matrix, folder: Path = Path("/"), *excluded: dict[str, str]
) -> list[tuple[Loc, str]]:
    faults: list[tuple[Loc, str]] = []
    combinations(matrix, excluded, folder, lambda loc, text: faults.append((loc, text)))
    return faults


def test_the_last_name_changes_fastest() -> None:
    assert expanded({"a": ("1", "2"), "b": ("x", "y")}) == [
        {"a": "1", "b": "x"},
        {"a": "1", "b": "y"},
        {"a": "2", "b": "x"},
        {"a": "2", "b": "y"},
    ]


def test_except_leaves_out_what_has_all_its_values() -> None:
    matrix: Matrix = {"a": ("1", "2"), "b": ("x", "y")}
    found = expanded(matrix, Path("/"), {"a": "1", "b": "x"}, {"b": "y"})
    assert found == [{"a": "2", "b": "x"}]


def test_lines(tmp_path: Path) -> None:
    (tmp_path / "ids.txt").write_text("\ufeff0504157\r\n\n# a comment\n  a b \nlast", "utf-8")
    found = expanded({"id": source(lines="ids.txt")}, tmp_path)
    assert [params["id"] for params in found] == ["0504157", "a b", "last"]
    assert expanded({"id": source(lines=str(tmp_path / "ids.txt"))}) == found


def test_chunks_join_values_with_spaces(tmp_path: Path) -> None:
    (tmp_path / "ids.txt").write_text("".join(f"{n}\n" for n in range(1, 8)))
    found = expanded({"ids": source(lines="ids.txt", chunk="3")}, tmp_path)
    assert [params["ids"] for params in found] == ["1 2 3", "4 5 6", "7"]


def test_globs_are_sorted_and_relative(tmp_path: Path) -> None:
    (tmp_path / "conf/deep").mkdir(parents=True)
    for name in ("b.yaml", "a.yaml", "c.txt", "deep/d.yaml"):
        (tmp_path / "conf" / name).touch()
    assert expanded({"c": source(glob="conf/*.yaml")}, tmp_path) == [
        {"c": "conf/a.yaml"},
        {"c": "conf/b.yaml"},
    ]
    assert len(expanded({"c": source(glob="conf/**/*.yaml")}, tmp_path)) == 3
    assert expanded({"c": source(glob=f"{tmp_path}/conf/*.txt")}) == [
        {"c": f"{tmp_path}/conf/c.txt"}
    ]


def test_tables_bring_their_columns_as_names(tmp_path: Path) -> None:
    (tmp_path / "runs.csv").write_text('model,quant\nQwen/Qwen2.5-7B,int8\n\n"a, b",0010\n')
    rows = [{"model": "Qwen/Qwen2.5-7B", "quant": "int8"}, {"model": "a, b", "quant": "0010"}]
    assert expanded({"table": source(table="runs.csv")}, tmp_path) == rows
    assert expanded({"any": source(table="runs.csv"), "k": ("1",)}, tmp_path) == [
        {**row, "k": "1"} for row in rows
    ]


def test_tables_with_tabs(tmp_path: Path) -> None:
    (tmp_path / "runs.tsv").write_text("a\tb\n1,2\t3\n")
    assert expanded({"table": source(table="runs.tsv")}, tmp_path) == [{"a": "1,2", "b": "3"}]


@pytest.mark.parametrize(
    ("matrix", "fault"),
    [
        ({"a": ()}, (("for", "a"), "has no values")),
        (
            {"a": source(lines="no.txt")},
            (("for", "a"), "cannot read 'no.txt' in DIR: No such file or directory"),
        ),
        ({"a": source(lines="empty")}, (("for", "a"), "'empty' in DIR has no values")),
        ({"a": source(glob="x*")}, (("for", "a"), "'x*' matches nothing in DIR")),
        ({"a": source(table="empty")}, (("for", "a"), "'empty' in DIR has no values")),
        (
            {"a": source(table="short.csv")},
            (("for", "a"), "DIR/short.csv:3: 1 values for 2 columns"),
        ),
        (
            {"a": source(lines="binary")},
            (("for", "a"), "DIR/binary holds NUL characters: it is no text file"),
        ),
        (
            {"a": source(table="short.csv", chunk="2")},
            (("for", "a"), "chunk works with lines and glob, not with table"),
        ),
        (
            {"a": source(lines="x", glob="y")},
            (("for", "a"), "needs exactly one of lines, glob or table"),
        ),
        ({"a": source()}, (("for", "a"), "needs exactly one of lines, glob or table")),
        (
            {"a b": ("1",)},
            (("for", "a b"), "'a b' is no name for a value: use letters, digits, _ and -"),
        ),
        (
            {"attempt": ("1",)},
            (("for", "attempt"), "'attempt' is taken: {attempt} means the attempt's own"),
        ),
        (
            {"Task-Dir": ("1",)},
            (("for", "Task-Dir"), "'Task-Dir' is taken: {task-dir} means the attempt's own"),
        ),
        (
            {"a-b": ("1",), "a_b": ("1",)},
            (("for", "a_b"), "'a_b' and 'a-b' would share $OVERNIGHT_A_B"),
        ),
    ],
)
def test_faults(tmp_path: Path, matrix: Matrix, fault: tuple[Loc, str]) -> None:
    (tmp_path / "empty").touch()
    (tmp_path / "short.csv").write_text("a,b\n1,2\n3\n")
    (tmp_path / "binary").write_bytes(b"a\0b\n")
    found = [(loc, text.replace(str(tmp_path), "DIR")) for loc, text in refused(matrix, tmp_path)]
    assert found == [fault]


def test_names_that_a_table_repeats(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("a,a\n1,2\n")
    assert refused({"table": source(table="r.csv")}, tmp_path) == [
        (("for", "a"), "'a' is given twice")
    ]


def test_text_that_is_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "latin").write_bytes("größe\n".encode("latin-1"))
    ((loc, text),) = refused({"a": source(lines="latin")}, tmp_path)
    assert loc == ("for", "a")
    assert text.startswith(f"cannot read 'latin' in {tmp_path}: 'utf-8' codec can't decode")


def test_excepted_names_must_exist() -> None:
    assert refused({"model": ("a",)}, Path("/"), {"modelx": "a"}, {}) == [
        (("except", 0, "modelx"), 'no such name under for, did you mean "model"?'),
        (("except", 1), "is empty"),
    ]


def test_leaving_out_everything_is_a_fault() -> None:
    assert refused({"a": ("1",)}, Path("/"), {"a": "1"}) == [
        (("except",), "leaves out every combination")
    ]


def test_a_matrix_that_explodes() -> None:
    many = tuple(str(n) for n in range(1001))
    assert refused({"a": many, "b": many}) == [
        (("for",), "makes 1002001 tasks; at most 1000000 are possible")
    ]
