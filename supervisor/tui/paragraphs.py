"""Text that is read, as paragraphs, and as the lines that they make in a width."""

from collections.abc import Iterable
from dataclasses import dataclass

from supervisor.tui.format import plain, wrapped
from supervisor.tui.widgets.lines import BLANK, Line

_LEAST_CELLS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Styled:
    """A paragraph with a look; lines after the first are indented by ``hang`` cells."""

    text: str
    look: str = ""
    hang: int = 0


Text = str | Styled
"""A paragraph."""


def laid(paragraphs: Iterable[Text], width: int, *, ascii_only: bool) -> list[Line]:
    """Return the lines of ``paragraphs`` in ``width`` cells; texts may hold anything."""
    styled = (one if isinstance(one, Styled) else Styled(text=one) for one in paragraphs)
    return [line for one in styled for line in _lines(one, width, ascii_only)]


def _lines(paragraph: Styled, width: int, ascii_only: bool) -> list[Line]:
    text = plain(paragraph.text, ascii_only=ascii_only)
    first, *others = wrapped(text, max(_LEAST_CELLS, width))
    if others and paragraph.hang:
        rest = text[len(first) :].lstrip()
        others = [
            " " * paragraph.hang + row
            for row in wrapped(rest, max(_LEAST_CELLS, width - paragraph.hang))
        ]
    return [Line(((row, paragraph.look),)) if row else BLANK for row in (first, *others)]
