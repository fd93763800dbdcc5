"""Take secrets out of text that is shown, stored or sent; the rest stays readable."""

import re

MARK = "[redacted]"

_PEM = re.compile(r"(-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----).*?(?=-----END|\Z)", re.DOTALL)
_TRIGGERS = (
    "auth", "cookie", "key", "token", "bearer", "basic", "://", "eyj", "sk-", "sk_", "rk-", "rk_",
    "pk-", "pk_", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "gsk_", "xai-",
    "hf_", "npm_", "nvapi-", "r8_", "dckr_pat_", "pypi-", "sg.", "ya29.", "xox", "akia", "asia",
    "aroa", "aiza", "passw", "passphrase", "secret", "credential", "signature", "sig=",
)  # fmt: skip
"""A line without any of these, in small letters, has nothing to hide; most lines are such."""
_WORDS = r"none|null|true|false|undefined|expired|invalid|missing|required|unset|empty|\*+"
_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        # Headers whose whole value is secret, and options of commands.
        (
            r"(?i)\b((?:set-)?cookie[\"']?\s*:\s*[\"']?)(?!\s*[\"']?\[redacted\])[^\"'\n]+",
            rf"\1{MARK}",
        ),
        (
            r"(?i)\b((?:proxy-)?authorization|x-api-key|api-key|x-goog-api-key|x-amz-security-token)"
            r"([\"']?\s*[:=]\s*[\"']?)(?:(?:bearer|basic|token)\s+)?(?!\[redacted\])[^\s\"',]+",
            rf"\1\2{MARK}",
        ),
        (
            r"(?i)(?<!\S)(--(?:[\w-]*-)?(?:token|api-?key|password|secret)\s+)"
            r"(?!\[redacted\]|-|\d+\b)[^\s\"']+",
            rf"\1{MARK}",
        ),
        (
            r"(?i)\b(bearer|basic)\s+(?=[^\s\"',]*(?:\d|(?-i:[a-z][A-Z])))"
            r"[A-Za-z0-9._~+/-]{8,}=*",
            rf"\1 {MARK}",
        ),
        # scheme://user:password@host
        (r"(\b[a-zA-Z][\w+.-]{0,20}://[^\s/:@\"']*):(?!\[redacted\])[^\s/@\"']+@", rf"\1:{MARK}@"),
        # Tokens that say by their form what they are.
        (r"\beyJ[\w-]{6,}\.[\w-]{4,}(?:\.[\w-]*)?", MARK),
        (r"\b(?:sk|rk|pk)[-_](?=[\w-]*\d)[A-Za-z0-9_-]{16,}", MARK),
        (
            r"\b(?:gh[pousr]_|github_pat_|glpat-|gsk_|xai-|hf_|npm_|nvapi-|r8_|dckr_pat_)\w{10,}",
            MARK,
        ),
        (r"\bpypi-[\w-]{20,}|\bSG\.[\w-]{10,}\.[\w-]{10,}|\bya29\.[\w-]{10,}", MARK),
        (r"\bxox[abeoprs]-[\w-]{8,}", MARK),
        (r"\b(?:AKIA|ASIA|AROA)[A-Z0-9]{12,}\b", MARK),
        (r"\bAIza[\w-]{30,}", MARK),
        # name=value, with a name that says secret.
        (
            r"(?i)((?<![\w-])[\w-]{0,60}(?:password|passwd|passphrase|secret|credential)s?"
            rf"[\w-]{{0,40}}[\"']?\s*[=:]\s*[\"']?)(?!\[redacted\]|(?:{_WORDS})\b)[^\s\"',;&)}}\]]+",
            rf"\1{MARK}",
        ),
        (
            r"(?i)((?<![\w-])[\w-]{0,60}(?:token|api[_-]?key|access[_-]?key|accountkey"
            r"|private[_-]?key|signature|sharedkey)[\w-]{0,40}[\"']?\s*=\s*[\"']?)"
            rf"(?!\[redacted\]|(?:{_WORDS})\b|-?[\d.]+(?:[^\w]|$))[^\s\"',;&)}}\]]+",
            rf"\1{MARK}",
        ),
        # name: value is often prose, so the value has to look like a key.
        (
            r"(?i)((?<![\w-])[\w-]{0,60}(?:token|api[_-]?key|access[_-]?key|accountkey"
            r"|private[_-]?key)[\"']?\s*:\s*[\"']?)"
            r"(?=[^\s\"',;&)}\]]*\d)(?=[^\s\"',;&)}\]]*[A-Za-z])[^\s\"',;&)}\]]{8,}",
            rf"\1{MARK}",
        ),
        (
            r"(?i)([?&](?:sig|key|auth|x-amz-signature|x-amz-credential)=)[^\s&\"'\[\]]+",
            rf"\1{MARK}",
        ),
    )
)


def redact(text: str) -> str:
    """Return ``text`` with keys, tokens, passwords and credentials replaced; twice changes nothing."""
    if "PRIVATE KEY-----" in text:
        text = _PEM.sub(rf"\1{MARK}", text)
    if "\n" not in text:
        return _line(text)
    return "\n".join(_line(line) for line in text.split("\n"))


def _line(line: str) -> str:
    small = line.lower()
    if any(trigger in small for trigger in _TRIGGERS):
        for pattern, replacement in _RULES:
            line = pattern.sub(replacement, line)
    return line
