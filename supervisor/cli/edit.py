"""``overnight edit TASK``: another command, or knob, for tasks that do not run now."""

import os
import shlex
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from supervisor.cli.batches import Entry, running
from supervisor.cli.confirm import on_terminal
from supervisor.cli.orders import order
from supervisor.cli.targets import matching, status
from supervisor.cli.words import Args, CommandError
from supervisor.core.intents import Edit, SetKnob
from supervisor.engine.launch import read_launch


def run(args: Args) -> int:
    """Take the command after ``--``, or open the present one in ``$EDITOR``.

    With ``--set`` tasks keep their command and begin elsewhere on the ladder of their group.

    Raises:
        CommandError: no task, several, or no command.
    """
    word = args.first()
    if word is None:
        raise CommandError("edit which task? overnight edit TASK -- COMMAND")
    if args.on("set"):
        order(running(args), _knob(args), args.text("why"))
        return 0
    entry = running(args)
    tasks = matching(status(entry), [word])
    if len(tasks) != 1:
        raise CommandError(f"{word} means {len(tasks)} tasks; edit takes one")
    task: str = tasks[0]["task"]
    if args.after is not None and not args.after:
        raise CommandError("no command after --")
    intent = Edit(task=task, run=_given(args.after) or _edited(entry, task))
    order(entry, intent, args.text("why"))
    return 0


def _knob(args: Args) -> SetKnob:
    if args.after is not None:
        raise CommandError("either --set KNOB=N or a command, not both")
    knob, _, value = (args.text("set") or "").partition("=")
    if not knob or not value.isascii() or not value.isdigit():
        raise CommandError("--set wants the knob and a whole number, such as batch_size=32")
    return SetKnob(targets=tuple(args.words), knob=knob, value=int(value))


def _given(words: list[str] | None) -> str | tuple[str, ...] | None:
    """Return one word as a shell string, several as an argument list; None: none were given."""
    if not words:
        return None
    return words[0] if len(words) == 1 else tuple(words)


def _edited(entry: Entry, task: str) -> str | tuple[str, ...]:
    if not on_terminal():
        raise CommandError(f"no terminal to edit on: overnight edit {task} -- COMMAND")
    before = _present(entry, task)
    text = before if isinstance(before, str) else shlex.join(before)
    after = _in_editor(text)
    if not after or after == text:
        raise CommandError("nothing was changed")
    return after if isinstance(before, str) else tuple(shlex.split(after))


def _present(entry: Entry, task: str) -> str | tuple[str, ...]:
    """Return the command as the batch was started with it."""
    spec, _ = read_launch(Path(entry.directory))
    for one in spec.tasks:
        if one.id == task:
            return one.run
    raise CommandError(
        f"{task} was added later; give its command: overnight edit {task} -- COMMAND"
    )


def _in_editor(text: str) -> str:
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    with TemporaryDirectory(prefix="overnight-") as place:
        path = Path(place) / "command.sh"
        path.write_text(text + "\n", encoding="utf-8")
        done = subprocess.run([*shlex.split(editor), str(path)], check=False)
        if done.returncode != 0:
            raise CommandError(f"{editor} exited {done.returncode}; nothing was changed")
        return path.read_text(encoding="utf-8").strip()
