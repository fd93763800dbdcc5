"""Turns keys into intents, and asks before what destroys; loaded after the first picture."""

from collections.abc import Callable, Sequence

from textual.message import Message

from supervisor.core.advised import PARALLEL, numbers, taken
from supervisor.core.board import Board, GroupRow, Head, TaskRow
from supervisor.core.containers import ContainerRow
from supervisor.core.intents import Cancel, First, Freeze, Intent, Kill, KillContainers
from supervisor.core.taking import order
from supervisor.tui import cures, edits, steering
from supervisor.tui.action import Action
from supervisor.tui.container_rows import container_lines
from supervisor.tui.glyphs import Glyphs
from supervisor.tui.messages import Asked, Copied, Said, Wanted
from supervisor.tui.screens.dialog import Dialog, Option, Styled, Text
from supervisor.tui.screens.palette import Palette
from supervisor.tui.screens.prompt import Prompt
from supervisor.tui.texts import STOP_OPTIONS, help_text

_PENDING_S = 3.0
"""How long a parallelism asked for counts although the board does not show it yet."""
_OVER = ("succeeded", "failed", "cancelled")


class Helm:
    """Acts on what a screen says is under the cursor; what comes of it goes to ``post``."""

    def __init__(self, glyphs: Glyphs, post: Callable[[Message], object]) -> None:
        self._glyphs = glyphs
        self._post = post
        self._pending: dict[str, tuple[int, float]] = {}

    def help(self, actions: Sequence[Action]) -> None:
        """Show the keys of ``actions``."""
        self._ask("Keys", help_text(actions, self._glyphs), (), lambda _: None)

    def offer(self, actions: Sequence[Action], picked: Callable[[str | None], None]) -> None:
        """Show actions by name; ``picked`` gets the id of one, None for Esc."""
        self._post(Asked(Palette(self._glyphs, actions), picked))

    def pause_group(self, group: GroupRow) -> None:
        """Pause the group, or let it go on."""
        self._want(steering.pause_group(group))

    def pause_batch(self, head: Head) -> None:
        """Pause the batch, or let it go on."""
        self._want(steering.pause_batch(head))

    def stop_batch(self, head: Head) -> None:
        """Ask how to end the engine, and do it."""
        running = head.counts.get("running", 0)
        text = [f"{steering.counted(running, 'task')} running now. What is done stays done."]

        def heard(value: str) -> None:
            self._want(steering.STOPS[value])

        self._ask("Stop the batch?", text, STOP_OPTIONS, heard)

    def reload(self, head: Head) -> None:
        """Show how the batch file was edited, and apply it if that is wanted."""
        if head.edited is None:
            self._post(Said("the batch file says what the batch that runs says"))
            return
        asked = edits.question(head.edited)
        intent = asked.intent

        def heard(_: str) -> None:
            if intent is not None:
                self._want(intent)

        self._ask(asked.title, asked.text, asked.options, heard)

    def change_parallel(self, group: GroupRow, by: int, now: float) -> None:
        """Turn the group's knob up or down; counts from what was asked for just before."""
        knob, number = steering.knob_of(group)
        key = f"{group.group} {knob}"
        wanted, asked_at = self._pending.get(key, (number, 0.0))
        if now - asked_at > _PENDING_S:
            wanted = number
        intent = steering.set_parallel(group, wanted + by)
        self._pending[key] = (intent.parallel, now)
        self._want(intent)

    def type_parallel(self, group: GroupRow) -> None:
        """Ask for the number of the group's knob."""
        knob, number = steering.knob_of(group)

        def heard(value: str | None) -> None:
            if value and value.isdecimal() and int(value) > 0:
                self._want(steering.set_parallel(group, int(value)))
            elif value:
                self._refuse(f"{value!r} is not a number from 1 on")

        words = f"{'parallelism' if knob == PARALLEL else knob} of {group.group}:"
        self._post(Asked(Prompt(self._glyphs, words, str(number)), heard))

    def advice(self, head: Head) -> None:
        """Show what is advised, and take it if that is wanted; each knob by itself."""
        records = taken(head.advice)[:9]
        if not records:
            self._post(Said("nothing is advised now"))
            return

        def heard(number: str) -> None:
            self._want(order(records[int(number)], restart=True))

        told = [numbers(one, self._glyphs.arrow) for one in records]
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
        self._ask("Take the advice?", text, options, heard)

    def kill_containers(self, rows: Sequence[ContainerRow], now: float) -> None:
        """List what would be ended, then end it; one that is not proved ours is asked for by name."""
        own = [row for row in rows if row.owned]
        if own:
            words = "Errors, output and inspection are saved first; then stop, kill, remove."
            text: list[Text] = [Styled(text=words, look="dim")]
            if left := len(rows) - len(own):
                more = f"{left} unowned left out: K on one alone asks for its name."
                text.append(Styled(text=more, look="warn"))
            text += ["", *container_lines(own, now, self._glyphs)]
            intent = KillContainers(ids=tuple(row.id for row in own))
            option = Option(key="k", words="end and remove them", value="kill", bad=True)
            title = f"Kill {steering.counted(len(own), 'container')}?"
            self._ask(title, text, [option], lambda _: self._want(intent))
        elif len(rows) == 1:
            self._kill_unowned(rows[0])
        else:
            self._refuse(
                "nothing proves that these are of this batch; K on one alone asks for its name"
            )

    def _kill_unowned(self, row: ContainerRow) -> None:
        def heard(name: str | None) -> None:
            if name == row.name:
                self._want(KillContainers(ids=(row.id,), unowned=True))
            elif name:
                self._refuse(f"{name!r} is not its name; nothing was done")

        words = "not proved to be ours! its whole name ends it:"
        self._post(Asked(Prompt(self._glyphs, words), heard))

    def freeze(self, rows: Sequence[TaskRow]) -> None:
        """Freeze or thaw the tasks; freezing asks."""
        intent = steering.freeze(rows)
        if intent is None:
            self._refuse("nothing here runs")
        elif not isinstance(intent, Freeze):
            self._want(intent)
        else:
            running = [row for row in rows if row.phase == "running"]
            words = "Calls that are in flight may time out meanwhile. z again lets them run on."
            self._ask(
                f"Freeze {steering.counted(len(running), 'task')}?",
                [*steering.listed(running), "", Styled(text=words, look="dim")],
                [Option(key="z", words="freeze now", value="freeze")],
                lambda _: self._want(intent),
            )

    def stop_tasks(self, rows: Sequence[TaskRow]) -> None:
        """Ask whether to run again or to cancel, and stop the tasks."""
        rows = [row for row in rows if row.phase not in _OVER]
        if not rows:
            self._refuse("nothing here to stop: all of it is over")
            return
        live = steering.live(rows)
        options = [Option(key="c", words="cancel for good", value="cancel", bad=True)]
        if live:
            words = "run again: what runs is ended, which costs no attempt"
            options.insert(0, Option(key="r", words=words, value="again", bad=True))

        def heard(value: str) -> None:
            again = value == "again"
            targets = tuple(row.task for row in (live if again else rows))
            self._want(Kill(targets=targets) if again else Cancel(targets=targets))

        text: list[Text] = [
            *steering.listed(rows),
            "",
            Styled(text=f"{len(live)} of {len(rows)} running now", look="dim"),
        ]
        self._ask(f"Stop {steering.counted(len(rows), 'task')}?", text, options, heard)

    def retry(self, rows: Sequence[TaskRow]) -> None:
        """Run the tasks again; asks where they are many."""
        intent = steering.retry(rows)
        if intent is None:
            self._refuse("nothing here has failed")
        elif len(intent.targets) == 1:
            self._want(intent)
        else:
            again = [row for row in rows if row.task in frozenset(intent.targets)]
            self._ask(
                f"Retry {steering.counted(len(again), 'task')}?",
                [*steering.listed(again)],
                [Option(key="r", words="run them again, with a new budget", value="retry")],
                lambda _: self._want(intent),
            )

    def first(self, rows: Sequence[TaskRow]) -> None:
        """Move the waiting ones to the head of the queue."""
        waiting = tuple(row.task for row in rows if row.phase == "waiting")
        if waiting:
            self._want(First(targets=waiting))
        else:
            self._refuse("nothing here waits")

    def cure(self, board: Board, now: float) -> None:
        """Show what needs the operator, and do about it what can be done from here."""
        found = cures.cures(board, now)
        if not found:
            self._post(Said("nothing needs you, and no limit holds"))
        elif len(found) == 1:
            self._show_cure(found[0])
        else:
            options = [
                Option(key=str(number), words=cure.why, value=str(number))
                for number, cure in enumerate(found[:9], 1)
            ]

            def heard(number: str) -> None:
                self._show_cure(found[int(number) - 1])

            self._ask("What needs you", (), options, heard)

    def _show_cure(self, cure: cures.Cure) -> None:
        def heard(value: str) -> None:
            if value == "copy":
                self._post(Copied(cure.command))
            else:
                self._want(cure.intents[value])

        options = [
            Option(key=key, words=words, value=value)
            for key, words, value in cures.OPTIONS
            if value in cure.intents or (value == "copy" and cure.command)
        ]
        text: list[Text] = [cure.why]
        if cure.command:
            command = f"{self._glyphs.arrow} {cure.command}"
            text += ["", Styled(text=command, look="strong", hang=2)]
        self._ask(cure.title, text, options, heard)

    def _want(self, intent: Intent) -> None:
        self._post(Wanted(intent))

    def _refuse(self, why: str) -> None:
        self._post(Said(why, bad=True))

    def _ask(
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

        self._post(Asked(Dialog(self._glyphs, title, text, options), heard))
