"""The environment of an attempt."""

from pathlib import Path

import pytest

from supervisor.adapters.local.environment import (
    EnvFileError,
    composed,
    mark,
    read_env_file,
    shell_functions,
)
from supervisor.core.models import TaskId
from supervisor.ports import Ref


def test_reads_what_people_write(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(
        "# keys\n"
        "\n"
        "PLAIN=value with blanks\n"
        "  export EXPORTED = x # a comment\n"
        "HASH=a#b\n"
        "EMPTY=\n"
        "ONLY_COMMENT=  # nothing\n"
        "SINGLE='a \"b\" # $HOME \\n'   # why\n"
        'DOUBLE="a \\"b\\" \\n $HOME \\\\ #"\n'
        "EQUALS=a=b==\n"
        "UNI=ä\r\n"
        "PLAIN=again\n",
        encoding="utf-8",
    )
    assert read_env_file(str(file)) == {
        "PLAIN": "again",
        "EXPORTED": "x",
        "HASH": "a#b",
        "EMPTY": "",
        "ONLY_COMMENT": "",
        "SINGLE": 'a "b" # $HOME \\n',
        "DOUBLE": 'a "b" \n $HOME \\ #',
        "EQUALS": "a=b==",
        "UNI": "ä",
    }


@pytest.mark.parametrize("line", ["no assignment", "1A=secret", "A='secret", 'A="secret', "A=\0"])
def test_names_the_line_but_not_its_text(tmp_path: Path, line: str) -> None:
    file = tmp_path / ".env"
    file.write_text(f"OK=1\n{line}\n", encoding="utf-8")
    with pytest.raises(EnvFileError, match=r"\.env, line 2: not KEY=VALUE$"):
        read_env_file(str(file))


def test_names_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(EnvFileError, match=r"gone\.env: No such file"):
        read_env_file(str(tmp_path / "gone.env"))


def test_the_later_wins() -> None:
    made = composed({"A": "1", "B": "1", "C": "1"}, {"B": "2", "C": "2"}, {"C": "3"})
    assert made == {"PYTHONUNBUFFERED": "1", "A": "1", "B": "2", "C": "3"}


@pytest.mark.parametrize("layer", [0, 1, 2])
def test_buffering_is_the_operators_to_choose(layer: int) -> None:
    layers: list[dict[str, str]] = [{}, {}, {}]
    layers[layer]["PYTHONUNBUFFERED"] = ""
    assert composed(*layers)["PYTHONUNBUFFERED"] == ""


def test_marks_with_the_batch_and_the_attempt() -> None:
    assert mark("u-1", Ref(TaskId("g/a b"), 3)) == {
        "OVERNIGHT_BATCH_UUID": "u-1",
        "OVERNIGHT_TASK": "g/a b",
        "OVERNIGHT_ATTEMPT": "3",
    }


def test_finds_exported_functions_only() -> None:
    names = {"BASH_FUNC_module%%": "() { :; }", "BASH_FUNC_plain": "x", "a.b": "secret", "A": "1"}
    assert shell_functions(names) == ["BASH_FUNC_module%%=() { :; }"]
