"""Turns keys into intents, and asks before what destroys; loaded after the first picture."""

from collections.abc import Callable, Sequence

from textual.message import Message

from supervisor.core.advised import PARALLEL, numbers, taken
from supervisor.core.board import Board, GroupRow, Head
from supervisor.core.taking import order
from supervisor.tui import cures, edits, steering
from supervisor.tui.action import Action
from supervisor.tui.glyphs import Glyphs
from supervisor.tui.messages import Asked, Copied, Said
from supervisor.tui.screens.dialog import Option, Styled, Text
from supervisor.tui.screens.palette import Palette
from supervisor.tui.screens.prompt import Prompt
from supervisor.tui.task_helm import TaskHelm
from supervisor.tui.texts import STOP_OPTIONS, help_text

_PENDING_S = 3.0
"""How long a parallelism asked for counts although the board does not show it yet."""


class Helm(TaskHelm):
    """Acts on what a screen says is under the cursor; what comes of it goes to ``post``."""

    def __init__(self, glyphs: Glyphs, post: Callable[[Message], object]) -> None:
        super().__init__(glyphs, post)
        self._pending: dict[str, tuple[int, float]] = {}

    def help(self, actions: Sequence[Action], more: Sequence[Text] = ()) -> None:
        """Show the keys of ``actions``, and what more there is to say."""
        self.ask("Keys", [*help_text(actions, self.glyphs), *more], (), lambda _: None)

    def offer(self, actions: Sequence[Action], picked: Callable[[str | None], None]) -> None:
        """Show actions by name; ``picked`` gets the id of one, None for Esc."""
        self.post(Asked(Palette(self.glyphs, actions), picked))

    def pause_group(self, group: GroupRow) -> None:
        """Pause the group, or let it go on."""
        self.want(steering.pause_group(group))

    def pause_batch(self, head: Head) -> None:
        """Pause the batch, or let it go on."""
        self.want(steering.pause_batch(head))

    def stop_batch(self, head: Head) -> None:
        """Ask how to end the engine, and do it."""
        running = head.counts.get("running", 0)
        text = [f"{steering.counted(running, 'task')} running now. What is done stays done."]

        def heard(value: str) -> None:
            self.want(steering.STOPS[value])

        self.ask("Stop the batch?", text, STOP_OPTIONS, heard)

    def reload(self, head: Head) -> None:
        """Show how the batch file was edited, and apply it if that is wanted."""
        if head.edited is None:
            self.post(Said("the batch file says what the batch that runs says"))
            return
        asked = edits.question(head.edited)
        intent = asked.intent

        def heard(_: str) -> None:
            if intent is not None:
                self.want(intent)

        self.ask(asked.title, asked.text, asked.options, heard)

    def change_parallel(self, group: GroupRow, by: int, now: float) -> None:
        """Turn the group's knob up or down; counts from what was asked for just before."""
        knob, number = steering.knob_of(group)
        key = f"{group.group} {knob}"
        wanted, asked_at = self._pending.get(key, (number, 0.0))
        if now - asked_at > _PENDING_S:
            wanted = number
        intent = steering.set_parallel(group, wanted + by)
        self._pending[key] = (intent.parallel, now)
        self.want(intent)

    def type_parallel(self, group: GroupRow) -> None:
        """Ask for the number of the group's knob."""
        knob, number = steering.knob_of(group)

        def heard(value: str | None) -> None:
            if value and value.isdecimal() and int(value) > 0:
                self.want(steering.set_parallel(group, int(value)))
            elif value:
                self.refuse(f"{value!r} is not a number from 1 on")

        words = f"{'parallelism' if knob == PARALLEL else knob} of {group.group}:"
        self.post(Asked(Prompt(self.glyphs, words, str(number)), heard))

    def advice(self, head: Head) -> None:
        """Show what is advised, and take it if that is wanted; each knob by itself."""
        records = taken(head.advice)[:9]
        if not records:
            self.post(Said("nothing is advised now"))
            return

        def heard(number: str) -> None:
            self.want(order(records[int(number)], restart=True))

        told = [numbers(one, self.glyphs.arrow) for one in records]
        options = [
            Option(
                key="a" if len(told) == 1 else str(at + 1),
                words=f"{'restart with' if records[at].restart else 'run'} {words}",
                value=str(at),
                bad=records[at].restart,
            )
            for at, words in enumerate(told)
        ]
        text: list[Text] = [f"{one.group}: {one.why}." for one in records]
        gentle = "What runs, runs on; fewer are launched."
        if any(one.restart for one in records):
            gentle = "A restarted attempt goes on with its resume command, if it has one."
        text += ["", Styled(text=gentle, look="dim")]
        self.ask("Take the advice?", text, options, heard)

    def cure(self, board: Board, now: float) -> None:
        """Show what needs the operator, and do about it what can be done from here."""
        found = cures.cures(board, now)
        if not found:
            self.post(Said("nothing needs you, and no limit holds"))
        elif len(found) == 1:
            self._show_cure(found[0])
        else:
            options = [
                Option(key=str(number), words=cure.why, value=str(number))
                for number, cure in enumerate(found[:9], 1)
            ]

            def heard(number: str) -> None:
                self._show_cure(found[int(number) - 1])

            self.ask("What needs you", (), options, heard)

    def _show_cure(self, cure: cures.Cure) -> None:
        def heard(value: str) -> None:
            if value == "copy":
                self.post(Copied(cure.command))
            else:
                self.want(cure.intents[value])

        options = [
            Option(key=key, words=words, value=value)
            for key, words, value in cures.OPTIONS
            if value in cure.intents or (value == "copy" and cure.command)
        ]
        text: list[Text] = [cure.why]
        if cure.command:
            command = f"{self.glyphs.arrow} {cure.command}"
            text += ["", Styled(text=command, look="strong", hang=2)]
        self.ask(cure.title, text, options, heard)
