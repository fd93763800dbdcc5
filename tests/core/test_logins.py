"""An expired login names the command that renews it."""

import pytest

from supervisor.core.logins import login_command, steps


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


@pytest.mark.parametrize(
    ("text", "way"),
    [
        (
            "To sign in, open the page https://microsoft.com/devicelogin in a web browser"
            " and enter the code AB12CD34E to authenticate.",
            "open https://microsoft.com/devicelogin and enter AB12CD34E",
        ),
        (
            "! First copy your one-time code: 1A2B-3C4D"
            " Open this URL to continue: https://github.com/login/device",
            "open https://github.com/login/device and enter 1A2B-3C4D",
        ),
        (
            "open the following URL: https://device.sso.us-east-1.amazonaws.com/."
            " Then enter the code: ABCD-EFGH",
            "open https://device.sso.us-east-1.amazonaws.com/ and enter ABCD-EFGH",
        ),
        (
            "the code is QQ11-WW22 ... expired; the new code is EE33-RR44",
            "enter EE33-RR44 where it says",
        ),
        ("error code: 70043 at https://example.com/help", "open https://example.com/help"),
        (f"visit https://example.com/{'x' * 90}", "do as it says"),
        ("press a key in the browser to confirm the code", "do as it says"),
    ],
)
def test_what_a_waiting_command_asks_for(text: str, way: str) -> None:
    assert steps(text) == way
