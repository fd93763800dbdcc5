"""An end accuses the limit that its words speak of; where they speak of none, all."""

import pytest

from supervisor.core.accused import accused
from supervisor.core.models import CommandSpec, LimitId, LimitSpec


def spec(name: str, *, refresh: str | None = None, preflight: str | None = None) -> LimitSpec:
    return LimitSpec(
        name=LimitId(name),
        refresh=CommandSpec(run=refresh) if refresh else None,
        preflight=CommandSpec(run=preflight) if preflight else None,
    )


CLAUDE = spec("claude-weekly")
TRAPI = spec("trapi", refresh="az account get-access-token")
WORK = spec("work-account", preflight="claude --print ping")
GPU = spec("gpu0")


@pytest.mark.parametrize(
    ("specs", "text", "rule", "names"),
    [
        ([CLAUDE, TRAPI], "Claude usage limit reached", None, ["claude-weekly"]),
        ([CLAUDE, TRAPI], "AADSTS700082: The refresh token has expired", None, ["trapi"]),
        ([CLAUDE, TRAPI], "429 Too Many Requests", "anthropic.rate", ["claude-weekly"]),
        ([WORK, TRAPI], "anthropic: weekly limit", None, ["work-account"]),
        ([CLAUDE, TRAPI], "429 Too Many Requests", "http.429", ["claude-weekly", "trapi"]),
        ([CLAUDE, GPU], "429 Too Many Requests", "http.429", ["claude-weekly"]),
        ([spec("gpu0"), spec("gpu1")], "401", None, ["gpu0", "gpu1"]),
        ([GPU], "429", None, ["gpu0"]),
        ([spec("api-key"), spec("team")], "bad api key of the team", None, ["api-key", "team"]),
        ([], "429", None, []),
    ],
)
def test_who_is_accused(
    specs: list[LimitSpec], text: str, rule: str | None, names: list[str]
) -> None:
    assert list(accused(specs, text, rule)) == names
