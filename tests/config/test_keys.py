from pathlib import Path

import pytest

from supervisor.config.keys import keys_file, read_own_keys
from supervisor.core.own_keys import OwnKeys


def test_the_file_lies_in_the_users_own_directory() -> None:
    assert keys_file({"XDG_CONFIG_HOME": "/x"}) == Path("/x/overnight/keys.yaml")


def test_each_line_is_an_action_and_its_keys(tmp_path: Path) -> None:
    path = tmp_path / "keys.yaml"
    path.write_text("# mine\npause: F5\none more: ['+', u]\n\nwhy: []\n")
    own, faults = read_own_keys(path)
    assert faults == ()
    assert own == (
        OwnKeys(where=f"{path}:2", action="pause", keys=("F5",)),
        OwnKeys(where=f"{path}:3", action="one more", keys=("+", "u")),
        OwnKeys(where=f"{path}:5", action="why", keys=()),
    )


def test_no_file_and_an_empty_one_say_nothing(tmp_path: Path) -> None:
    assert read_own_keys(tmp_path / "none.yaml") == ((), ())
    (tmp_path / "empty.yaml").write_text("# nothing\n")
    assert read_own_keys(tmp_path / "empty.yaml") == ((), ())


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("pause: p\n- x\n", 2, "not valid YAML"),
        ("pause: p\npause: x\n", 2, "duplicate key"),
        ("a: b\npause: {p: x}\n", 2, "a key or a list of keys"),
        ("a: b\npause:\n", 2, "a key or a list of keys"),
        ("- pause\n", 1, "an action and its keys"),
        ("pause: !\n", 1, "pause"),
    ],
)
def test_bad_files_name_file_and_line(tmp_path: Path, text: str, line: int, words: str) -> None:
    path = tmp_path / "keys.yaml"
    path.write_text(text)
    own, faults = read_own_keys(path)
    assert [one.action for one in own] in ([], ["a"])
    assert len(faults) == 1
    assert faults[0].startswith(f"{path}:{line}: ")
    assert words in faults[0]


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "keys.yaml"
    path.write_bytes(b"pause: \xff\n")
    assert str(path) in read_own_keys(path)[1][0]
    path.unlink()
    path.mkdir()
    assert str(path) in read_own_keys(path)[1][0]
