"""Types of values: pydantic carries the readers' words, and the JSON Schema their shapes."""

import pytest
from pydantic import TypeAdapter, ValidationError

from supervisor.config.kinds import Count, Duration, NotYet, Texts, one_of


def test_a_reader_makes_the_value() -> None:
    assert TypeAdapter(Count).validate_python("8") == 8
    assert TypeAdapter(Texts).validate_python("a") == ("a",)


def test_its_words_arrive() -> None:
    with pytest.raises(ValidationError) as error:
        TypeAdapter(Duration).validate_python("90")
    (fault,) = error.value.errors()
    assert str(fault["ctx"]["error"]) == "'90' has no unit: write 90s, 90m or 90h"


def test_what_is_not_yet_is_refused_whatever_it_holds() -> None:
    values: list[str | list[str] | dict[str, str]] = ["x", [], {"a": "b"}]
    for value in values:
        with pytest.raises(ValidationError, match=r"is not supported in this version yet"):
            TypeAdapter(NotYet).validate_python(value)


def test_schemas_are_those_of_the_file() -> None:
    assert TypeAdapter(Count).json_schema() == {"type": "integer", "minimum": 1}
    assert one_of("a", "b").schema == {"enum": ["a", "b"]}
