"""``overnight schema``: the JSON Schema of the batch file, for editors."""

import json

from supervisor.cli.words import Args
from supervisor.config.json_schema import json_schema


def run(_args: Args) -> int:
    """Print the schema."""
    print(json.dumps(json_schema(), indent=2, ensure_ascii=False))
    return 0
