"""Ends containers on the operator's word, after a look at what would be ended."""

from collections.abc import Container, Sequence

from supervisor.core.containers import ContainerRow
from supervisor.core.intents import KillContainers
from supervisor.tui import steering
from supervisor.tui.asking import Asker
from supervisor.tui.container_rows import container_lines
from supervisor.tui.messages import Asked
from supervisor.tui.screens.dialog import Option, Styled, Text
from supervisor.tui.screens.prompt import Prompt


class ContainerHelm(Asker):
    """Acts on the containers under the cursor."""

    def kill_containers(
        self, rows: Sequence[ContainerRow], now: float, seen: Container[str]
    ) -> None:
        """List what would be ended, then end it; one that is not proved ours is asked for by name."""
        own = [row for row in rows if row.owned]
        if own:
            words = "Errors, output and inspection are saved first; then stop, kill, remove."
            text: list[Text] = [Styled(text=words, look="dim")]
            if left := len(rows) - len(own):
                more = f"{left} unowned left out: K on one alone asks for its name."
                text.append(Styled(text=more, look="warn"))
            text += ["", *container_lines(own, now, self.glyphs, seen)]
            intent = KillContainers(ids=tuple(row.id for row in own))
            option = Option(key="e", words="end and remove them", value="kill", bad=True)
            title = f"Kill {steering.counted(len(own), 'container')}?"
            self.ask(title, text, [option], lambda _: self.want(intent))
        elif len(rows) == 1:
            self._kill_unowned(rows[0])
        else:
            self.refuse(
                "nothing proves that these are of this batch; K on one alone asks for its name"
            )

    def _kill_unowned(self, row: ContainerRow) -> None:
        def heard(name: str | None) -> None:
            if name == row.name:
                self.want(KillContainers(ids=(row.id,), unowned=True))
            elif name:
                self.refuse(f"{name!r} is not its name; nothing was done")

        words = "not proved to be ours! its whole name ends it:"
        self.post(Asked(Prompt(self.glyphs, words), heard))
