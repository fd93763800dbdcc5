"""Screens whose keys act on the group and tasks under the cursor."""

from collections.abc import Callable, Sequence

from textual.reactive import var
from textual.screen import Screen

from supervisor.core.board import EMPTY, Board, GroupRow, TaskRow
from supervisor.core.intents import Cancel, First, Freeze, Intent, Kill
from supervisor.tui import cures, steering
from supervisor.tui.actions import ACTIONS
from supervisor.tui.glyphs import Glyphs
from supervisor.tui.messages import Asked, Copied, Said, Wanted, WhyAsked
from supervisor.tui.screens.dialog import Dialog, Option, Styled, Text
from supervisor.tui.texts import STOP_OPTIONS, help_text
from supervisor.tui.widgets.lines import LOOK_CLASSES

_PENDING_S = 3.0
"""How long a parallelism asked for counts although the board does not show it yet."""


class SteeringScreen(Screen[None]):
    """Turns actions into intents; a subclass says what is under the cursor."""

    COMPONENT_CLASSES = LOOK_CLASSES

    board: var[Board] = var(EMPTY, init=False)
    tick: var[float] = var(0.0, init=False)

    def __init__(self, glyphs: Glyphs, *, read_only: bool = False) -> None:
        super().__init__()
        self.read_only = read_only
        self.glyphs = glyphs
        self.set_class(glyphs.ascii_only, "-ascii")
        self._pending: dict[str, tuple[int, float]] = {}

    def row_here(self) -> TaskRow | None:
        """Return the one task under the cursor."""
        raise NotImplementedError

    def rows_here(self) -> tuple[TaskRow, ...]:
        """Return the tasks that an action on tasks is about."""
        raise NotImplementedError

    def group_here(self) -> GroupRow | None:
        """Return the group that an action on a group is about."""
        raise NotImplementedError

    def want(self, intent: Intent) -> None:
        """Hand an intent up."""
        self.post_message(Wanted(intent))

    def say(self, text: str, *, bad: bool = False) -> None:
        """Say something at the bottom."""
        self.post_message(Said(text, bad))

    def ask(
        self,
        title: str,
        text: Sequence[Text],
        options: Sequence[Option],
        answered: Callable[[str], None],
    ) -> None:
        """Put a question; ``answered`` is called with a value, and not at all for Esc."""

        def heard(value: str | None) -> None:
            if value:
                answered(value)

        self.post_message(Asked(Dialog(self.glyphs, title, text, options), heard))

    def action_help(self) -> None:
        """Show every key."""
        self.post_message(
            Asked(Dialog(self.glyphs, "Keys", help_text(self.glyphs)), lambda _: None)
        )

    def action_palette(self) -> None:
        """Show every action by name, and do the one that is picked."""
        from supervisor.tui.screens.palette import Palette

        shown = [action for action in ACTIONS if not (self.read_only and action.changes)]
        self.post_message(Asked(Palette(self.glyphs, shown), self._picked))

    def _picked(self, name: str | None) -> None:
        action = next((action for action in ACTIONS if action.id == name), None)
        if action is not None:
            place = {"app": "app", "screen": "screen", "list": "focused"}[action.scope]
            self.call_later(self.run_action, f"{place}.{action.id}")

    def action_pause_group(self) -> None:
        """Pause the group, or let it go on."""
        if (group := self.group_here()) is not None:
            self.want(steering.pause_group(group))

    def action_pause_batch(self) -> None:
        """Pause the batch, or let it go on."""
        self.want(steering.pause_batch(self.board.head))

    def action_stop_batch(self) -> None:
        """Ask how to end the engine, and do it."""
        running = self.board.head.counts.get("running", 0)
        text = [f"{steering.counted(running, 'task')} running now. What is done stays done."]

        def heard(value: str) -> None:
            self.want(steering.STOPS[value])

        self.ask("Stop the batch?", text, STOP_OPTIONS, heard)

    def action_more(self) -> None:
        """Run one more of the group at once."""
        self._change_parallel(1)

    def action_fewer(self) -> None:
        """Run one fewer of the group at once."""
        self._change_parallel(-1)

    def _change_parallel(self, by: int) -> None:
        if (group := self.group_here()) is None:
            return
        wanted, asked_at = self._pending.get(group.group, (group.parallel, 0.0))
        if self.tick - asked_at > _PENDING_S:
            wanted = group.parallel
        intent = steering.set_parallel(group.group, wanted + by)
        self._pending[group.group] = (intent.parallel, self.tick)
        self.want(intent)

    def action_parallel(self) -> None:
        """Ask for the group's parallelism."""
        from supervisor.tui.screens.prompt import Prompt

        if (group := self.group_here()) is None:
            return

        def heard(value: str | None) -> None:
            if value and value.isdecimal() and int(value) > 0:
                self.want(steering.set_parallel(group.group, int(value)))
            elif value:
                self.say(f"{value!r} is not a number from 1 on", bad=True)

        words = f"parallelism of {group.group}:"
        self.post_message(Asked(Prompt(self.glyphs, words, str(group.parallel)), heard))

    def action_freeze(self) -> None:
        """Freeze or thaw the tasks; freezing asks."""
        rows = self.rows_here()
        intent = steering.freeze(rows)
        if intent is None:
            self.say("nothing here runs", bad=True)
        elif not isinstance(intent, Freeze):
            self.want(intent)
        else:
            running = [row for row in rows if row.phase == "running"]
            self.ask(
                f"Freeze {steering.counted(len(running), 'task')}?",
                [
                    *steering.listed(running),
                    "",
                    Styled(
                        text="Calls that are in flight may time out meanwhile. "
                        "z again lets them run on.",
                        look="dim",
                    ),
                ],
                [Option(key="z", words="freeze now", value="freeze")],
                lambda _: self.want(intent),
            )

    def action_stop_task(self) -> None:
        """Ask whether to run again or to cancel, and stop the tasks."""
        rows = [
            row for row in self.rows_here() if row.phase not in ("succeeded", "failed", "cancelled")
        ]
        if not rows:
            self.say("nothing here to stop: all of it is over", bad=True)
            return
        targets = tuple(row.task for row in rows)
        live = steering.live(rows)
        options = [Option(key="c", words="cancel for good", value="cancel", bad=True)]
        if live:
            again = "run again: what runs is ended, which costs no attempt"
            options.insert(0, Option(key="r", words=again, value="again", bad=True))

        def heard(value: str) -> None:
            again = tuple(row.task for row in live)
            self.want(Kill(targets=again) if value == "again" else Cancel(targets=targets))

        text: list[Text] = [
            *steering.listed(rows),
            "",
            Styled(text=f"{len(live)} of {len(rows)} running now", look="dim"),
        ]
        self.ask(f"Stop {steering.counted(len(rows), 'task')}?", text, options, heard)

    def action_retry(self) -> None:
        """Run the tasks again; asks where they are many."""
        rows = self.rows_here()
        intent = steering.retry(rows)
        if intent is None:
            self.say("nothing here has failed", bad=True)
        elif len(intent.targets) == 1:
            self.want(intent)
        else:
            again = [row for row in rows if row.task in frozenset(intent.targets)]
            self.ask(
                f"Retry {steering.counted(len(again), 'task')}?",
                [*steering.listed(again)],
                [Option(key="r", words="run them again, with a new budget", value="retry")],
                lambda _: self.want(intent),
            )

    def action_first(self) -> None:
        """Move the waiting ones to the head of the queue."""
        waiting = tuple(row.task for row in self.rows_here() if row.phase == "waiting")
        if waiting:
            self.want(First(targets=waiting))
        else:
            self.say("nothing here waits", bad=True)

    def action_why(self) -> None:
        """Ask why the task is where it is."""
        if (row := self.row_here()) is not None:
            self.post_message(WhyAsked(row.task))

    def action_cure(self) -> None:
        """Show what needs the operator, and do about it what can be done from here."""
        found = cures.cures(self.board, self.tick)
        if not found:
            self.say("nothing needs you, and no limit holds")
        elif len(found) == 1:
            self._show_cure(found[0])
        else:
            options = [
                Option(key=str(number), words=cure.why, value=str(number))
                for number, cure in enumerate(found[:9], 1)
            ]
            self.ask(
                "What needs you",
                [],
                options,
                lambda number: self._show_cure(found[int(number) - 1]),
            )

    def _show_cure(self, cure: cures.Cure) -> None:
        def heard(value: str) -> None:
            if value == "copy":
                self.post_message(Copied(cure.command))
            else:
                self.want(cure.intents[value])

        options = [
            Option(key=key, words=words, value=value)
            for key, words, value in cures.OPTIONS
            if value in cure.intents or (value == "copy" and cure.command)
        ]
        text: list[Text] = [cure.why]
        if cure.command:
            text += ["", Styled(text=f"{self.glyphs.arrow} {cure.command}", look="strong", hang=2)]
        self.ask(cure.title, text, options, heard)
