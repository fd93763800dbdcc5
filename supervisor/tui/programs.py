"""Other programs that get the terminal for a while: the operator's pager and editor."""

import shlex
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from types import FrameType

Kind = Literal["pager", "editor"]

_VARIABLES: Mapping[Kind, tuple[str, ...]] = {"pager": ("PAGER",), "editor": ("VISUAL", "EDITOR")}
_USUAL: Mapping[Kind, str] = {"pager": "less", "editor": "vi"}
_TAKE_LINES = frozenset(
    [
        "less",
        "more",
        "most",
        "vi",
        "vim",
        "nvim",
        "view",
        "ex",
        "nano",
        "pico",
        "emacs",
        "emacsclient",
        "mg",
        "ne",
        "jed",
        "joe",
        "kak",
    ]
)
"""Programs that go to line N for ``+N``."""
_AT_ONCE_S = 0.5
"""A program that ends sooner showed nothing that anybody could read."""


def chosen(kind: Kind, environ: Mapping[str, str]) -> list[str]:
    """Return the words of the operator's program.

    Raises:
        ValueError: it is not installed, or its variable cannot be read; the words tell the way out.
    """
    names = _VARIABLES[kind]
    name = next((name for name in names if environ.get(name, "").strip()), None)
    text = environ[name] if name is not None else _USUAL[kind]
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise ValueError(f"{name} cannot be read: {error}") from error
    if not words or shutil.which(words[0], path=environ.get("PATH")) is None:
        raise ValueError(f"{text} is not installed; set {names[-1]} to a {kind} that is")
    return words


def command(words: Sequence[str], path: Path, line: int) -> list[str]:
    """Return what shows a file from a line on, if the program is known to have a way for that."""
    goes = [f"+{line}"] if line > 1 and Path(words[0]).name in _TAKE_LINES else []
    return [*words, *goes, str(path)]


def run(
    words: Sequence[str], enter: Callable[[str], object] = input, *, tell_code: bool = True
) -> str:
    """Run a program on our terminal until it ends; return what went wrong, or nothing.

    Without ``tell_code`` its exit code is nothing wrong: a shell's is that of its last command.

    One that ends at once is followed by a wait for Enter, for the screen would cover what it wrote.
    """
    began = time.monotonic()
    # Ctrl+C goes to everybody on the terminal, and is not meant for us. A handler, not SIG_IGN:
    # that would be inherited.
    before = signal.signal(signal.SIGINT, _not_for_us)
    try:
        code = subprocess.run(words, check=False).returncode
    except OSError as error:
        return f"{words[0]}: {error.strerror}"
    finally:
        signal.signal(signal.SIGINT, before)
    if time.monotonic() - began < _AT_ONCE_S:
        with suppress(EOFError, KeyboardInterrupt):
            enter("\n-- Enter goes back --")
    return f"{words[0]} ended with {code}" if code and tell_code else ""


def _not_for_us(_number: int, _frame: "FrameType | None") -> None:
    """Take a signal without a consequence."""
