"""The JSON Schema knows every key that the reader knows."""

import json

from supervisor.config.data import find
from supervisor.config.json_schema import json_schema
from supervisor.config.schema import BatchKeys


def test_it_is_json_and_has_every_key() -> None:
    schema = json.loads(json.dumps(json_schema()))
    keys = {field.alias or name for name, field in BatchKeys.model_fields.items()}
    assert set(schema["properties"]) == keys
    assert schema["additionalProperties"] is False
    assert schema["$schema"].endswith("2020-12/schema")


def test_types_are_those_of_the_file() -> None:
    definitions = json_schema()["$defs"]
    retry = definitions["RetryKeys"]["properties"]
    assert retry["attempts"]["anyOf"][0] == {"minimum": 1, "type": "integer"}
    assert retry["base"]["anyOf"][0]["type"] == "string"
    assert "tasks" in definitions["GroupKeys"]["properties"]
    assert {"for", "except", "run"} <= set(definitions["TaskKeys"]["properties"])


def test_keys_of_later_versions_are_refused_by_it() -> None:
    assert json_schema()["properties"]["log"]["not"] == {}


def test_example_and_starter_use_only_its_keys() -> None:
    for name in ("configs/example.yaml", "configs/starter.yaml", "configs/demo.yaml"):
        text = find(name, {}).read_text()
        top = {line.partition(":")[0] for line in text.splitlines() if line[:1].isalpha()}
        assert top <= set(json_schema()["properties"])
