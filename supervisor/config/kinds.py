"""The types of the batch file's values, for pydantic and for the JSON Schema."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from supervisor.config import scalars
from supervisor.config.source import Plain
from supervisor.core.models import SIGNALS, Signal

Schema = dict[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Reads:
    """Metadata of a type: how text becomes its value, and how the JSON Schema tells it."""

    read: Callable[[Plain], object]
    schema: Schema

    def __get_pydantic_core_schema__(
        self, _source: object, _handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(
        self, _schema: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> Schema:
        return self.schema


def from_text(read: Callable[[str], object], schema: Schema) -> Reads:
    """Return the metadata of a type that one text is read as."""
    return Reads(lambda value: read(scalars.text_of(value)), schema)


def one_of(*words: str, **later: str) -> Reads:
    """Return the metadata of a type that takes one of ``words``; ``later`` ones are not yet known."""
    return from_text(lambda text: scalars.word(text, words, later), {"enum": list(words)})


_TEXT: Schema = {"type": ["string", "number", "boolean", "null"]}
_TEXTS: Schema = {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]}
_NEED: Schema = {
    "anyOf": [
        _TEXT,
        {
            "type": "object",
            "properties": {
                "group": _TEXT,
                "task": _TEXT,
                "done": {"type": "string", "pattern": "^[0-9]{1,3}%$"},
                "when": {"enum": ["succeeded", "ended"]},
            },
            "additionalProperties": False,
        },
    ]
}
_NEEDS: Schema = {"anyOf": [*_NEED["anyOf"], {"type": "array", "items": _NEED}]}
_CODE: Schema = {"type": "integer", "minimum": 0, "maximum": 255}
_CODES: Schema = {"anyOf": [_CODE, {"type": "array", "items": _CODE}]}
_DURATION: Schema = {"type": "string", "pattern": r"^([0-9]+(\.[0-9]+)?(d|h|ms|m|s))+$"}

Text = Annotated[str, from_text(str, _TEXT)]
Filled = Annotated[str, from_text(scalars.filled, _TEXT)]
Name = Annotated[str, from_text(scalars.name, {"type": "string"})]
Count = Annotated[
    int, from_text(lambda text: scalars.whole(text, 1), {"type": "integer", "minimum": 1})
]
Flag = Annotated[
    bool,
    from_text(
        lambda text: scalars.word(text, ("true", "false"), {}) == "true", {"type": "boolean"}
    ),
]
Parallel = Annotated[
    tuple[int, int],
    from_text(
        scalars.parallel,
        {
            "anyOf": [
                {"type": "integer", "minimum": 1},
                {"type": "string", "pattern": r"^[0-9]+\.\.[0-9]+$"},
            ]
        },
    ),
]
Order = Annotated[int, from_text(lambda text: scalars.whole(text, -(10**9)), {"type": "integer"})]
Factor = Annotated[float, from_text(scalars.factor, {"type": "number", "minimum": 1})]
Share = Annotated[
    float,
    from_text(scalars.share, {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1}),
]
Variable = Annotated[
    str, from_text(scalars.variable, {"type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]*$"})
]
Duration = Annotated[float, from_text(scalars.positive, _DURATION)]
MaybeDuration = Annotated[
    float | None, from_text(scalars.maybe_positive, {"anyOf": [_DURATION, {"type": "null"}]})
]
ShareOfLast = Annotated[
    tuple[float, int],
    from_text(
        scalars.share_of_last,
        {"type": "string", "pattern": "^[0-9]{1,3} ?% of (the )?last [0-9]{1,4}$"},
    ),
]
Span = Annotated[tuple[float, float], from_text(scalars.span, {"type": "string"})]
Size = Annotated[
    int, from_text(scalars.size, {"type": "string", "pattern": r"^[0-9.]+ ?([KMGT]i?)?B$"})
]
Pace = Annotated[
    float, from_text(scalars.pace, {"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?/[smhd]$"})
]
OwnVariable = Annotated[str, from_text(scalars.own_variable, {"type": "string"})]
Stdout = Annotated[str, one_of("stdout")]
Zone = Annotated[str, from_text(scalars.zone, {"type": "string"})]
ClockTime = Annotated[
    tuple[int, int],
    from_text(scalars.clock_time, {"type": "string", "pattern": r"^[0-9]{2}:[0-9]{2}$"}),
]
ClockRange = Annotated[
    tuple[int, int],
    from_text(
        scalars.clock_range,
        {"type": "string", "pattern": r"^[0-9]{2}:[0-9]{2} ?- ?[0-9]{2}:[0-9]{2}$"},
    ),
]
Command = Annotated[str | tuple[str, ...], Reads(scalars.command, _TEXTS)]
Texts = Annotated[tuple[str, ...], Reads(scalars.texts, _TEXTS)]
Needs = Annotated[tuple[str, ...], Reads(scalars.needs, _NEEDS)]
Whens = Annotated[
    tuple[str, ...],
    Reads(
        scalars.whens,
        {
            "anyOf": [
                {"enum": list(scalars.WHENS)},
                {"type": "array", "items": {"enum": list(scalars.WHENS)}},
            ]
        },
    ),
]
Indexes = Annotated[
    tuple[int, ...],
    Reads(scalars.indexes, {"type": "array", "items": {"type": "integer", "minimum": 0}}),
]
ExitCodes = Annotated[tuple[int, ...], Reads(scalars.exit_codes, _CODES)]
Rules = Annotated[
    list[Any],
    Reads(
        scalars.entries,
        {"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "object"}]}},
    ),
]
Signals = Annotated[
    tuple[Signal, ...],
    Reads(
        scalars.signals,
        {"type": "array", "items": {"enum": list(SIGNALS)}, "minItems": 2, "uniqueItems": True},
    ),
]
Counter = Annotated[str, Reads(scalars.counter, {"type": "string"})]
NotYet = Annotated[
    None, Reads(scalars.not_yet, {"not": {}, "description": "Not supported in this version yet."})
]
