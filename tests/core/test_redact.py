"""Secrets go, everything else stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervisor.core.redact import MARK, redact

SECRETS = [
    ("openai key sk-proj-abCD1234efGH5678ijKL is wrong", "abCD1234"),
    ("sk-ant-api03-Zx81kd02jdhfu2kd9", "Zx81"),
    ("ghp_16C7e42F292c6912E7710c838347Ae178B4a", "16C7"),
    ("github_pat_11ABCDEFG0_abcdefgh", "11ABC"),
    ("using hf_QwErTyUiOpAsDfGhJk", "QwErTy"),
    ("AKIAIOSFODNN7EXAMPLE1", "IOSFODNN"),
    ("key AIzaSyA-1234567890abcdefghijklmnopqrstu", "SyA-"),
    ("xoxb-123456789012-abcdef", "123456789012"),
    ("got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl back", "hbGci"),
    ("Authorization: Bearer abcdefghijklmnop", "abcdefgh"),
    ("authorization: Basic dXNlcjpwYXNz", "dXNl"),
    ("curl -H 'x-api-key: k12345' https://models.example", "k12345"),
    ("sent Bearer a1b2c3d4e5 to it", "a1b2c3"),
    ("Cookie: session=abc; theme=dark", "session"),
    ("AZURE_TOKEN=verysecretvalue next", "verysecret"),
    ("password=hunter2", "hunter2"),
    ("DB_PASSWORD: hunter2", "hunter2"),
    ('{"api_key": "k9k9k9k9k9", "model": "m"}', "k9k9"),
    ("'access_token': 'abc123456'", "abc123456"),
    ("--api-key abcdef --model m", "abcdef"),
    ("https://bob:tops3cret@git.example/x.git", "tops3cret"),
    ("GET /v1?api-version=1&sig=aGVsbG8%3D&x=1", "aGVsbG8"),
    ("client_secret='q~W8x'", "q~W8x"),
    ("-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nabc=\n-----END RSA PRIVATE KEY-----", "MIIEow"),
    ("-----BEGIN PRIVATE KEY-----\nMIIEow and cut", "MIIEow"),
]


@pytest.mark.parametrize(("text", "secret"), SECRETS)
def test_secrets_are_gone(text: str, secret: str) -> None:
    """Whatever form they have, and once is enough."""
    done = redact(text)
    assert secret not in done
    assert MARK in done
    assert redact(done) == done


@pytest.mark.parametrize(
    "text",
    [
        "openai.AuthenticationError: Error code: 401 - invalid or expired token",
        "Missing bearer or basic authentication in header",
        "max_tokens=4096, tokens: 29101, total_tokens: 12",
        "OPENAI_API_KEY=None",
        "token: expired",
        "x-ratelimit-remaining-tokens: -1",
        "task-force-one-two-three is running",
        "tokenizer: Qwen/Qwen2.5-7B",
        "see https://docs.example/authorization for more",
        "Epoch 3 loss=0.25",
        "",
    ],
)
def test_the_rest_stays_readable(text: str) -> None:
    """Words about secrets are no secrets."""
    assert redact(text) == text


def test_what_stands_around_stays() -> None:
    """Only the value goes."""
    assert redact("a token=s3cr3t, b") == f"a token={MARK}, b"
    assert redact("x\nhttps://u:p@h/y\nz") == f"x\nhttps://u:{MARK}@h/y\nz"


PARTS = st.sampled_from(
    ["token=", "password: ", "Bearer ", "sk-", "https://a:", "@h", '"', "'", " ", "abc123XYZ", "\n"]
    + [text for text, _ in SECRETS]
)


@given(st.lists(PARTS | st.text(max_size=5), max_size=8).map("".join))
def test_twice_changes_nothing(text: str) -> None:
    """Redacting what is redacted already is safe."""
    once = redact(text)
    assert redact(once) == once
