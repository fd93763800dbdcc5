"""What may be typed to filter a table, for the page of help."""

from typing import Any

from supervisor.core.query import Fields
from supervisor.tui.screens.dialog import Styled, Text

_NAME_CELLS = 10
_SIGNS = {"text": ":", "number": ">", "percent": ">", "age": ">", "wait": "<", "size": ">"}
_GRAMMAR = (
    "Words match what a row says; * and ? are wildcards, a comma means or, quotation marks keep a"
    " text together, - or ! before it means not. All conditions have to hold."
)


def filter_help(fields: Fields[Any]) -> list[Text]:
    """Return how a filter is written, each field with the sign it is mostly used with."""
    text: list[Text] = ["", Styled(text="Filter", look="title-focus"), _GRAMMAR]
    text += [Styled(text=f"  {example}", look="key") for example in fields.examples]
    for name, field in fields.by_name.items():
        known = f": {', '.join(field.known)}" if field.known else ""
        line = f"{name + _SIGNS[field.kind]:>{_NAME_CELLS}}  {field.help}{known}"
        text.append(Styled(text=line, hang=_NAME_CELLS + 2))
    return text
