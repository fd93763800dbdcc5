"""Acts on tasks: one goes at once, what destroys or touches many is listed and asked about first."""

from collections.abc import Container, Sequence

from supervisor.core.board import TaskRow
from supervisor.core.intents import Cancel, First, Freeze, Intent, Kill
from supervisor.tui import steering
from supervisor.tui.asking import Asker
from supervisor.tui.screens.dialog import Option, Styled, Text

_OVER = ("succeeded", "failed", "cancelled")


class TaskHelm(Asker):
    """Acts on rows; ``seen`` names those on the screen, and nothing is done to others unlisted."""

    def freeze(self, rows: Sequence[TaskRow], seen: Container[str]) -> None:
        """Freeze or thaw the tasks; freezing asks."""
        intent = steering.freeze(rows)
        if intent is None:
            self.refuse("nothing here runs")
        elif not isinstance(intent, Freeze):
            frozen = [row for row in rows if row.phase == "frozen"]
            self._do("Thaw", frozen, seen, intent, "let them run on")
        else:
            running = [row for row in rows if row.phase == "running"]
            words = "Calls in flight may time out meanwhile. The same key lets them run on again."
            self.ask(
                self._title("Freeze", running),
                [Styled(text=words, look="dim"), "", *self._listed(running, seen)],
                [Option(key="z", words="freeze now", value="freeze")],
                lambda _: self.want(intent),
            )

    def stop_tasks(self, rows: Sequence[TaskRow], seen: Container[str]) -> None:
        """Ask whether to run again or to cancel, and stop the tasks."""
        given, rows = len(rows), [row for row in rows if row.phase not in _OVER]
        over = given - len(rows)
        if not rows:
            self.refuse("nothing here to stop: all of it is over")
            return
        live = steering.live(rows)
        options = [Option(key="c", words="cancel for good", value="cancel", bad=True)]
        if live:
            words = "run again: what runs is ended, which costs no attempt"
            options.insert(0, Option(key="r", words=words, value="again", bad=True))

        def heard(value: str) -> None:
            again = value == "again"
            targets = tuple(row.task for row in (live if again else rows))
            self.want(Kill(targets=targets) if again else Cancel(targets=targets))

        told = Styled(text=f"{len(live)} of {len(rows)} running now", look="dim")
        text = [told, *_others(over, "over already"), "", *self._listed(rows, seen)]
        self.ask(self._title("Stop", rows), text, options, heard)

    def retry(self, rows: Sequence[TaskRow], seen: Container[str]) -> None:
        """Run the tasks again; asks where they are many."""
        intent = steering.retry(rows)
        if intent is None:
            self.refuse("nothing here has failed")
        else:
            again = [row for row in rows if row.task in frozenset(intent.targets)]
            words = "run them again, with a new budget"
            if len(again) == 1:
                self._do("Retry", again, seen, intent, words)
            else:
                others = _others(len(rows) - len(again), "running, waiting or done")
                self._list("Retry", again, seen, intent, words, others)

    def first(self, rows: Sequence[TaskRow], seen: Container[str]) -> None:
        """Move the waiting ones to the head of the queue."""
        waiting = [row for row in rows if row.phase == "waiting"]
        if waiting:
            intent = First(targets=tuple(row.task for row in waiting))
            self._do("Run first", waiting, seen, intent, "run them before all others")
        else:
            self.refuse("nothing here waits")

    def _do(
        self,
        what: str,
        rows: Sequence[TaskRow],
        seen: Container[str],
        intent: Intent,
        words: str,
    ) -> None:
        """Do it at once if every row is on the screen, else after a list."""
        if steering.unseen(rows, seen):
            self._list(what, rows, seen, intent, words)
        else:
            self.want(intent)

    def _list(
        self,
        what: str,
        rows: Sequence[TaskRow],
        seen: Container[str],
        intent: Intent,
        words: str,
        others: Sequence[Text] = (),
    ) -> None:
        option = Option(key="r", words=words, value="do")
        text = [*others, *([""] if others else []), *self._listed(rows, seen)]
        self.ask(self._title(what, rows), text, [option], lambda _: self.want(intent))

    def _title(self, what: str, rows: Sequence[TaskRow]) -> str:
        return f"{what} {steering.counted(len(rows), 'task')}?"

    def _listed(self, rows: Sequence[TaskRow], seen: Container[str]) -> list[Text]:
        told: list[Text] = []
        if len(rows) > 1 and (away := steering.unseen(rows, seen)):
            words = f"{away} of them scrolled or filtered away"
            told = [Styled(text=words, look="warn"), ""]
        return [*told, *steering.listed(rows, self.glyphs, seen)]


def _others(number: int, why: str) -> list[Text]:
    """Return a line about those that were chosen and are left alone."""
    left = f"{steering.counted(number, 'other')} left alone: {why}"
    return [Styled(text=left, look="dim")] if number else []
