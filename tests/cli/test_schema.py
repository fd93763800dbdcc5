"""``overnight schema`` prints JSON."""

import json

import pytest

from supervisor.cli.schema import run
from supervisor.cli.words import parsed


def test_it_prints_the_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(parsed([], ())) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["title"] == "overnight batch file"
    assert "groups" in document["properties"]
