"""What is said of an attempt whose output was read to its end: its last line, and the proof at large."""

import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from supervisor.core.diagnosis import best_evidence
from supervisor.core.excerpt import excerpt
from supervisor.core.lines import clean
from supervisor.core.models import Detection, End, Stream
from supervisor.core.redact import redact

log = logging.getLogger(__name__)

_TAIL = 64 * 1024
_LONGEST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What an attempt's output proved, once it was read to its end."""

    detections: tuple[Detection, ...] = ()
    last_line: str = ""
    """Last line of stderr that says anything, else of stdout; redacted."""
    tail_text: str = ""
    """The final traceback, or the proving line and its neighbours; redacted."""


def concluded(
    directory: Path, last_lines: Mapping[Stream, bytes], detections: tuple[Detection, ...]
) -> Evidence:
    """Return the evidence; ``last_lines`` has the streams that say anything."""
    said = [line for name in ("stderr", "stdout") if (line := last_lines.get(name))]
    return Evidence(
        detections=detections,
        last_line=_shown(said[0]) if said else "",
        tail_text=_tail_text(directory, last_lines, detections) if said or detections else "",
    )


def shown_in_file(detections: tuple[Detection, ...]) -> str:
    """Return the proof with its file where none of the streams proves it, else nothing; redacted."""
    end = End(code=None, ended_at=0.0, detections=detections)
    proof = best_evidence(end, ran_s=0.0)
    if proof is None or proof.stream != "file":
        return ""
    around = _excerpt(Path(proof.path), proof)
    return f"{proof.path}:\n{around if proof.line in around else proof.line}"


def _shown(line: bytes) -> str:
    return redact(line.decode("utf-8", "replace").strip())[:_LONGEST]


def _tail_text(
    directory: Path, last_lines: Mapping[Stream, bytes], detections: tuple[Detection, ...]
) -> str:
    end = End(code=None, ended_at=0.0, detections=detections)
    proof = best_evidence(end, ran_s=0.0)
    names: list[Stream] = ["stderr", "stdout"]
    if proof is not None and proof.stream == "stdout":
        names.reverse()
    for name in names:
        if last_lines.get(name) and (text := _excerpt(directory / f"{name}.log", proof)):
            return text
    return ""


def _excerpt(path: Path, proof: Detection | None) -> str:
    lines = clean(_read_end(path)).decode("utf-8", "replace").splitlines()
    text = "\n".join(excerpt(lines, proof.line if proof else None))
    return redact(text) if text.strip() else ""


def _read_end(path: Path) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            size = os.fstat(descriptor).st_size
            return os.pread(descriptor, _TAIL, max(0, size - _TAIL))
        finally:
            os.close(descriptor)
    except OSError as error:
        log.warning("log cannot be read", exc_info=error, extra={"path": str(path)})
        return b""
