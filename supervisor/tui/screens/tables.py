"""Screens with tables: their rows are put in order, filtered and marked by the same keys."""

from typing import Any

from typing_extensions import override

from supervisor.tui.messages import Asked
from supervisor.tui.screens.batch import BatchScreen
from supervisor.tui.widgets.table import ALL, Table


class TablesScreen(BatchScreen):
    """Says which table keys act on; the rest is the same on all of them."""

    def table_here(self) -> Table[Any]:
        """Return the table whose rows are put in order and marked."""
        raise NotImplementedError

    def filtered_here(self) -> Table[Any]:
        """Return the table that is filtered."""
        return self.table_here()

    def undo_view(self) -> bool:
        """Undo the latest of a range, the filter, and the marks; return whether there was one."""
        table, filtered = self.table_here(), self.filtered_here()
        if table.ranging:
            table.span = None
        elif filtered.wanted is not ALL:
            filtered.wanted = ALL
        elif table.marks:
            table.unmark()
        else:
            return False
        return True

    @override
    def seen_here(self) -> frozenset[str]:
        return self.table_here().seen

    def action_filter(self) -> None:
        """Ask for what rows must be like; they narrow while it is typed."""
        from supervisor.core.query import parse
        from supervisor.core.query_word import QueryError
        from supervisor.tui.screens.prompt import Prompt

        table = self.filtered_here()
        before, fields = table.wanted, table.fields()

        def typed(text: str) -> str:
            try:
                table.wanted = parse(text, fields) if text.strip() else ALL
            except QueryError as error:
                return str(error)
            return ""

        def heard(text: str | None) -> None:
            if text is None:
                table.wanted = before
            else:
                typed(text)

        hint = f"a word, or {fields.examples[0]}   ? lists the fields"
        prompt = Prompt(self.glyphs, "filter:", before.text, typed=typed, hint=hint)
        self.post_message(Asked(prompt, heard))

    def action_sort(self) -> None:
        """Ask for the column by which rows are put in order."""
        from supervisor.tui.sorting import options, picked

        table = self.table_here()

        def heard(value: str) -> None:
            table.sort = picked(value, table.sort, table.KEYS)

        told = options(table.sort, table.KEYS)
        self.helm.ask(f"Order the {table.NOUN}s", (), told, heard)

    def action_mark_shown(self) -> None:
        """Mark all that are listed, or none of them."""
        self.table_here().mark_shown()

    def action_unmark(self) -> None:
        """Take every mark away."""
        self.table_here().unmark()

    def action_range(self) -> None:
        """Begin to mark a range at the cursor, or end it there."""
        self.table_here().mark_range()

    def action_extend(self, rows: int) -> None:
        """Move the cursor and mark what it passes."""
        self.table_here().extend(rows)

    @override
    def action_help(self) -> None:
        from supervisor.tui.filters import filter_help

        self.helm.help(self.actions_here(), filter_help(self.filtered_here().fields()))
