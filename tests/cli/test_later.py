"""Commands of later versions say so."""

import pytest

from tests.cli.conftest import Place, call


@pytest.mark.parametrize(
    "words",
    ["kit --copy d"],
)
def test_not_yet(place: Place, words: str) -> None:
    said = call(*words.split())
    assert (said.code, said.out) == (1, "")
    assert said.err == f"overnight: {words.split()[0]}: not in this version yet\n"
