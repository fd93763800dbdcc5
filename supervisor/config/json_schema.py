"""The JSON Schema of the batch file, made from the same models that read it."""

from typing import Any

from supervisor.config.schema import BatchKeys


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a batch file."""
    schema = BatchKeys.model_json_schema(by_alias=True)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "overnight batch file",
    }
