"""The last line and the proof at large, from what lies on disk."""

from dataclasses import replace
from pathlib import Path

from supervisor.core.models import Detection, ErrorClass
from supervisor.engine.conclusion import Evidence, concluded

PROOF = Detection(
    rule="r",
    error_class=ErrorClass.AUTH,
    line="AuthenticationError: token=[redacted] expired",
    stream="stderr",
    strong=True,
    written_at=1.0,
)


def test_stderr_speaks_before_stdout(tmp_path: Path) -> None:
    (tmp_path / "stderr.log").write_text("one\nlogin: token=abcdefgh12345\n")
    said = concluded(tmp_path, {"stdout": b"done", "stderr": b"login: token=abcdefgh12345"}, ())
    assert said.last_line == "login: token=[redacted]"
    assert said.tail_text.splitlines()[0] == "one"
    assert "abcdefgh" not in said.tail_text


def test_nothing_said_nothing_concluded(tmp_path: Path) -> None:
    assert concluded(tmp_path, {"stdout": b""}, ()) == Evidence()


def test_the_stream_or_file_that_proves_it_is_shown(tmp_path: Path) -> None:
    (tmp_path / "stderr.log").write_text("only noise\n")
    (tmp_path / "stdout.log").write_text("Rich box\n" + PROOF.line + "\n")
    result = tmp_path / "result.json"
    result.write_text("in the file\n" + PROOF.line + "\n")
    last = {"stdout": b"x", "stderr": b"only noise"}
    on_stdout = concluded(tmp_path, last, (replace(PROOF, stream="stdout"),))  # type: ignore[arg-type]
    assert "Rich box" in on_stdout.tail_text
    in_file = replace(PROOF, stream="file", path=str(result))
    assert "in the file" in concluded(tmp_path, last, (in_file,)).tail_text  # type: ignore[arg-type]


def test_a_file_that_is_gone_shows_nothing(tmp_path: Path) -> None:
    proof = replace(PROOF, stream="file", path=str(tmp_path / "gone"))
    assert concluded(tmp_path, {}, (proof,)).tail_text == ""
