"""``overnight`` alone."""

from tests.cli.conftest import Place, call


def test_the_first_lines(place: Place) -> None:
    said = call()
    assert said.code == 0
    assert said.out.startswith("overnight run -j8 -- python eval.py --id {} ::: a b c")
    assert "overnight demo" in said.out
