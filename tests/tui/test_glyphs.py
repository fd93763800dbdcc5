from dataclasses import fields

import pytest
from rich.cells import cell_len

from supervisor.tui.glyphs import ASCII, UNICODE, Glyphs, glyphs_for
from tests.fakes.engine import PHASES


def _one_by_one(glyphs: Glyphs, name: str) -> str | list[str]:
    sign: str = getattr(glyphs, name)
    return sign if name == "spark" else [sign]


@pytest.mark.parametrize("glyphs", [ASCII, UNICODE])
def test_every_sign_is_one_cell_and_phases_differ(glyphs: Glyphs) -> None:
    signs = [sign for field in fields(glyphs)[2:] for sign in _one_by_one(glyphs, field.name)]
    assert all(cell_len(sign) == 1 for sign in [*signs, *glyphs.phases.values()])
    assert len({glyphs.phases[phase] for phase in PHASES}) == len(PHASES)


def test_ascii_is_ascii() -> None:
    signs = [getattr(ASCII, field.name) for field in fields(ASCII)[2:]]
    assert "".join([*signs, *ASCII.phases.values()]).isascii()


@pytest.mark.parametrize(
    ("environ", "encoding", "expected"),
    [
        ({}, "utf-8", UNICODE),
        ({}, "ascii", ASCII),
        ({"LANG": "de_DE.UTF-8"}, "ascii", UNICODE),
        ({"LC_ALL": "C", "LANG": "de_DE.UTF-8"}, "utf-8", ASCII),
        ({"LC_CTYPE": "C.UTF-8", "LANG": "C"}, "utf-8", UNICODE),
        ({"LANG": "de_DE.ISO-8859-1"}, "utf-8", ASCII),
    ],
)
def test_the_locale_decides(environ: dict[str, str], encoding: str, expected: Glyphs) -> None:
    assert glyphs_for(environ, encoding) is expected
