"""Compile patterns for hyperscan, in a process of its own: the memory it takes goes with it.

Measured: 400 rules take 0.2 to 1.1 s, a pathological set 16 s and 108 MiB; loading the result 2 ms.
"""

import hashlib
import json
import logging
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import hyperscan

from supervisor.adapters.scanner.plain import PatternError

log = logging.getLogger(__name__)

_FLAGS = hyperscan.HS_FLAG_CASELESS | hyperscan.HS_FLAG_MULTILINE
_PATIENCE_S = 60
_REFUSED_AFTER_S = 10
"""Seconds of processor time: on a busy machine good patterns take long, too."""
_STUCK = 10
"""Times as long by the clock nobody waits."""
_MEMORY = 2 << 30
_REFUSED = 3
"""Exit code of a child that was given a pattern it does not take."""
_KEPT = 8
"""Compiled sets that stay in the cache; older ones go."""


def database(patterns: Sequence[str], cache: Path | None, *, once: bool = False) -> bytes:
    """Return the compiled form of ``patterns``, from ``cache`` if it was compiled before.

    With ``once`` each pattern is reported once a block, not for each of its matches.

    Raises:
        PatternError: hyperscan does not take one of them.
    """
    if cache is None:
        return compiled(patterns, once=once)
    path = _path(patterns, cache, once)
    try:
        data = path.read_bytes()
        loaded(data)
        return data
    except FileNotFoundError:
        pass
    except (OSError, hyperscan.HyperscanError) as error:
        log.info("compiled patterns cannot be used", exc_info=error, extra={"path": str(path)})
    made = _in_a_child(patterns, once, path)
    if made is None:
        made = compiled(patterns, once=once)
        _store(path, made)
    return made


def is_kept(patterns: Sequence[str], cache: Path) -> bool:
    """Tell whether ``database`` will find them compiled, and be done in some milliseconds."""
    return _path(patterns, cache, once=False).exists()


def compiled(patterns: Sequence[str], *, once: bool = False) -> bytes:
    """Compile here and now.

    Raises:
        PatternError: hyperscan does not take one of them.
    """
    made = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    expressions = [pattern.encode() for pattern in patterns]
    try:
        made.compile(
            expressions=expressions,
            ids=list(range(len(expressions))),
            elements=len(expressions),
            flags=_FLAGS | (hyperscan.HS_FLAG_SINGLEMATCH if once else 0),
        )
    except hyperscan.HyperscanError as error:
        raise PatternError(str(error)) from error
    return hyperscan.dumpb(made)


def loaded(data: bytes) -> hyperscan.Database:
    """Return a database made from a compiled form; for one thread only.

    Raises:
        hyperscan.HyperscanError: it is damaged, or for another processor.
    """
    made = hyperscan.loadb(data, hyperscan.HS_MODE_BLOCK)
    # A loaded database has no scratch of its own and crashes without one.
    made.scratch = hyperscan.Scratch(made)
    return made


def _path(patterns: Sequence[str], cache: Path, once: bool) -> Path:
    """Name everything that the compiled form depends on: patterns, version, processor."""
    facts = [getattr(hyperscan, "__version__", ""), _FLAGS, once, _processor(), list(patterns)]
    key = hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:24]
    return cache / f"hyperscan-{key}.db"


def _processor() -> str:
    try:
        with Path("/proc/cpuinfo").open(encoding="utf-8", errors="replace") as lines:
            return next(
                (x for x in lines if x.startswith(("flags", "Features"))), os.uname().machine
            )
    except OSError:
        return os.uname().machine


def refusal(patterns: Sequence[str]) -> str | None:
    """Return why hyperscan does not take ``patterns`` within 10 s and 2 GiB, or None: it does."""
    try:
        _in_a_child(patterns, once=False, path=None, patience_s=_REFUSED_AFTER_S)
    except PatternError as error:
        return str(error)
    return None


def _in_a_child(
    patterns: Sequence[str], once: bool, path: Path | None, patience_s: int = _PATIENCE_S
) -> bytes | None:
    """Return the compiled form, or None when no child could be asked.

    The child also keeps it at ``path``: who asked may be gone by then, and ask again next time.

    Raises:
        PatternError: hyperscan refuses a pattern, or takes too long for it.
    """
    try:
        child = subprocess.run(
            [sys.executable, "-m", "supervisor.adapters.scanner.compiling", *_words(path)],
            input=json.dumps([list(patterns), once, patience_s]).encode(),
            capture_output=True,
            timeout=patience_s * _STUCK,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise PatternError(f"takes more than {patience_s} s to compile") from None
    except OSError as error:
        log.warning("patterns could not be compiled apart", exc_info=error)
        return None
    words = child.stderr.decode("utf-8", "replace")[-500:]
    if child.returncode == -signal.SIGXCPU:
        raise PatternError(f"takes more than {patience_s} s to compile")
    if child.returncode == _REFUSED:
        raise PatternError(words.strip())
    if child.returncode:
        log.warning("patterns could not be compiled apart", extra={"stderr": words})
        return None
    return child.stdout


def _words(path: Path | None) -> Sequence[str]:
    return () if path is None else (str(path),)


def _store(path: Path, data: bytes) -> None:
    """Keep the result for the next start; a cache that cannot be written is only slower."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        partial = path.with_suffix(f".{os.getpid()}.tmp")
        partial.write_bytes(data)
        partial.replace(path)
        ages = sorted(path.parent.glob("hyperscan-*.db"), key=lambda old: -old.stat().st_mtime)
        for old in ages[_KEPT:]:
            old.unlink(missing_ok=True)
    except OSError as error:
        log.info("compiled patterns could not be kept", exc_info=error)


def main() -> int:
    """Compile the patterns on standard input; write the database to standard output, and to a file."""
    patterns, once, patience_s = json.load(sys.stdin)
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (patience_s, patience_s + 1))
    try:
        data = compiled(patterns, once=once)
    except (PatternError, MemoryError) as error:
        sys.stderr.write(str(error) or "takes too much memory to compile")
        return _REFUSED
    for path in sys.argv[1:]:
        _store(Path(path), data)
    sys.stdout.buffer.write(data)
    return 0


if __name__ == "__main__":
    sys.exit(main())
