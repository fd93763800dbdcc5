"""The last line and the proof at large, from what lies on disk."""

from dataclasses import replace
from pathlib import Path

from supervisor.core.models import Detection, ErrorClass, Stream
from supervisor.engine.conclusion import Evidence, concluded, shown_in_file

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


def test_the_stream_that_proves_it_is_shown(tmp_path: Path) -> None:
    (tmp_path / "stderr.log").write_text("only noise\n")
    (tmp_path / "stdout.log").write_text("Rich box\n" + PROOF.line + "\n")
    said: dict[Stream, bytes] = {"stderr": b"only noise", "stdout": PROOF.line.encode()}
    shown = concluded(tmp_path, said, (replace(PROOF, stream="stdout"),))
    assert shown.tail_text == f"Rich box\n{PROOF.line}"
    assert shown.last_line == "only noise"


def test_a_file_is_shown_with_its_name(tmp_path: Path) -> None:
    """The lines around the proof where it stands as it is cited, else the citation."""
    log, result = tmp_path / "run.log", tmp_path / "result.json"
    log.write_text("before\n" + PROOF.line + "\n")
    result.write_text('{"error": "…"}')
    in_log = replace(PROOF, stream="file", path=str(log))
    assert shown_in_file((in_log,)) == f"{log}:\nbefore\n{PROOF.line}"
    in_result = replace(in_log, path=str(result))
    assert shown_in_file((in_result,)) == f"{result}:\n{PROOF.line}"
    gone = replace(in_log, path=str(tmp_path / "gone"))
    assert shown_in_file((gone,)).endswith(PROOF.line)
    assert shown_in_file((PROOF, in_log)) == ""
    assert shown_in_file(()) == ""
