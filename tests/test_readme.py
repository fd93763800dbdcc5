"""README tells the truth about commands and keys, and about the files it names."""

import re

from tests.readme import README, renewed


def test_tables_are_those_of_the_program() -> None:
    text = README.read_text()
    assert renewed(text) == text, "python -m tests.readme renews the tables"


def test_named_make_targets_exist() -> None:
    makefile = (README.parent / "Makefile").read_text()
    for target in re.findall(r"(?:^|`)make ([a-z-]+)", README.read_text(), re.MULTILINE):
        assert f"\n{target}:" in makefile, target
