"""The way in for a person, from what an expired login or a command that waits for one says."""

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


_ADDRESS = re.compile(r"https?://[^\s\"'<>]+[^\s\"'<>.,;:!)\]]")
_CODE = re.compile(
    r"(?<!error )(?<!exit )(?<!status )\bcode\b(?: is| below)?[\s:=\"']{1,4}"
    r"(?-i:(?!AADSTS)([A-Z0-9]{3,}(?:-[A-Z0-9]{3,})+|[A-Z0-9]{4,12}))\b",
    re.IGNORECASE,
)
"""A device code stands behind that word in what az, aws, gcloud, gh and hf write."""
_LONGEST = 90
"""Columns of an address that a status of 60 columns has room for whole."""


def steps(text: str) -> str:
    """Return where to go and what to enter there, as a command that waits for a person asks it."""
    address = next((one for one in reversed(_ADDRESS.findall(text)) if len(one) <= _LONGEST), None)
    code = next(reversed(_CODE.findall(text)), None)
    if address is None:
        return "do as it says" if code is None else f"enter {code} where it says"
    return f"open {address}" + ("" if code is None else f" and enter {code}")
