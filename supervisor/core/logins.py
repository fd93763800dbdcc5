"""The command with which a person signs in again, from what an expired login says of itself."""

import re

_LOGINS = tuple(
    (re.compile(pattern, re.IGNORECASE), command)
    for pattern, command in (
        (r"AADSTS\d|\baz (account|login|cli)|azure|\bEntra\b", "az login --use-device-code"),
        (r"\baws sso|ExpiredToken|SSO session|\bbotocore\b", "aws sso login"),
        (r"\bgcloud\b|reauthenticat|google\.auth|vertex", "gcloud auth login"),
        (r"hugging ?face|\bhf (auth|_)|HF_TOKEN", "hf auth login"),
        (r"\bclaude\b|Please run /login|anthropic", "claude /login"),
        (r"\bcodex\b", "codex login"),
        (r"\bgh auth\b|GitHub CLI", "gh auth login"),
        (r"\bdocker login\b|unauthorized: .{0,40}docker", "docker login"),
    )
)
"""The first whose pattern is found; the vendors' own words for a session that is over."""


def login_command(text: str) -> str | None:
    """Return the command that renews the login that ``text`` speaks of; None: it is not known."""
    return next((command for pattern, command in _LOGINS if pattern.search(text)), None)
