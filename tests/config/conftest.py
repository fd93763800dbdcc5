"""A folder to write batch files into, and to load them from."""

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from supervisor.config.load import load
from supervisor.core.models import BatchSpec
from supervisor.ports import ConfigError

Loader = Callable[..., BatchSpec]
Refusals = Callable[..., list[str]]

NOW = 1_771_300_000.0
"""2026-02-17 03:46:40 UTC."""


@pytest.fixture
def loaded(tmp_path: Path) -> Loader:
    """Write a batch file and load it."""

    def write_and_load(text: str, name: str = "night.yaml", **options: object) -> BatchSpec:
        path = tmp_path / name
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        settings: dict[str, object] = {"env": {"PATH": "/usr/bin:/bin"}, "now": NOW} | options
        return load(path, **settings)  # type: ignore[arg-type]

    return write_and_load


@pytest.fixture
def refusals(tmp_path: Path, loaded: Loader) -> Refusals:
    """Load a faulty batch file and return its problems, without the path before each."""

    def problems(text: str, **options: object) -> list[str]:
        with pytest.raises(ConfigError) as error:
            loaded(text, **options)
        return [problem.removeprefix(f"{tmp_path}/") for problem in error.value.problems]

    return problems
