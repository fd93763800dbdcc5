"""An expired login names the command that renews it."""

import pytest

from supervisor.core.logins import login_command


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("AADSTS700082: The refresh token has expired", "az login --use-device-code"),
        ("Please run 'az login' to setup account.", "az login --use-device-code"),
        ("Error when retrieving token from sso: run aws sso login", "aws sso login"),
        ("google.auth.exceptions.RefreshError: Reauthentication", "gcloud auth login"),
        ("Invalid user token. Hugging Face said no", "hf auth login"),
        ("Please run /login", "claude /login"),
        ("To get started with GitHub CLI, please run: gh auth login", "gh auth login"),
        ("401 Unauthorized", None),
    ],
)
def test_the_command_that_cures(text: str, command: str | None) -> None:
    assert login_command(text) == command
