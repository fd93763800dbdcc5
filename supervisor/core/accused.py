"""Which of a task's limits an error speaks of, where the task is under several."""

import re

from supervisor.core.models import LimitId, LimitSpec

_WORD = re.compile(r"[a-z]{2,}|[0-9]{3,}")
_VENDORS = (
    {"anthropic", "claude", "opus", "sonnet", "haiku"},
    {"openai", "gpt", "chatgpt", "codex", "insufficient_quota"},
    {"azure", "az", "aadsts", "trapi", "entra", "cognitiveservices"},
    {"aws", "amazon", "bedrock", "sts", "boto", "botocore"},
    {"google", "gemini", "vertex", "vertexai", "gcloud", "googleapis"},
    {"huggingface", "hf", "hub"},
    {"openrouter"},
    {"mistral"},
    {"groq"},
    {"together"},
    {"deepseek"},
    {"github", "gh", "copilot"},
    {"docker", "dockerhub"},
)
"""Words that mean one and the same account; packs of rules are called by them too."""
_MACHINES = {
    "gpu",
    "gpus",
    "cuda",
    "cpu",
    "cpus",
    "disk",
    "ram",
    "memory",
    "slots",
    "vram",
    "nvidia",
    "docker",
}
_COMMON = {
    "api", "limit", "limits", "account", "key", "token", "tokens", "login", "usage", "rate", "quota",
    "model", "models", "server", "cloud", "main", "team", "org", "user", "the", "and", "for", "eval",
    "http", "https", "error", "auth", "access", "test", "prod", "dev", "shared", "all", "not",
}  # fmt: skip
"""Words of names that errors of any vendor say."""


def accused(specs: list[LimitSpec], text: str, rule: str | None) -> tuple[LimitId, ...]:
    """Return the limits of ``specs`` that an error speaks of; where nothing tells them apart, all.

    ``text`` is the line that explains the end, ``rule`` the id of what found it.
    """
    if len(specs) > 1:
        said = _words(f"{text} {(rule or '').partition('.')[0]}")
        named = [spec for spec in specs if said & _names(spec)]
        # A GPU has neither a login nor a quota.
        accounts = [spec for spec in specs if not _words(spec.name) & _MACHINES]
        specs = named or accounts or specs
    return tuple(spec.name for spec in specs)


def _names(spec: LimitSpec) -> set[str]:
    """Return the words that speak of a limit: its name's, and those of its vendor."""
    name = _words(spec.name)
    commands = " ".join(one.run for one in (spec.refresh, spec.preflight) if one is not None)
    told = name | _words(commands)
    vendors = (vendor for vendor in _VENDORS if vendor & told)
    return {word for word in name - _COMMON if len(word) > 2}.union(*vendors)


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.lower()))
