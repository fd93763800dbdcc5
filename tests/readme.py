"""The tables of README that are made from the program: ``python -m tests.readme`` renews them."""

from pathlib import Path

from supervisor.cli.commands import COMMANDS
from supervisor.tui.actions import key_table

README = Path(__file__).parent.parent / "README.md"
BAR = r"\|"
"""Inside a table a bar would end the cell."""
_GLYPHS = {
    "plus": "+", "equals_sign": "=", "minus": "-", "slash": "/", "space": "space", "enter": "Enter",
    "escape": "Esc", "exclamation_mark": "!", "question_mark": "?", "colon": ":", "tab": "Tab",
    "up": "↑", "down": "↓", "pageup": "PgUp", "pagedown": "PgDn", "home": "Home", "end": "End",
}  # fmt: skip


def commands() -> str:
    """Return the table of commands."""
    rows = []
    for command in COMMANDS:
        written = " ".join(("overnight", command.name, command.usage)).strip()
        rows.append(f"| `{written.replace('|', BAR)}` | {command.help} |")
    return "\n".join(["| command | does |", "|---|---|", *rows])


def renewed(text: str) -> str:
    """Return README's text with its tables made anew."""
    for name, table in (("commands", commands()), ("keys", key_table())):
        begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
        before, _, rest = text.partition(begin)
        _, _, after = rest.partition(end)
        text = f"{before}{begin}\n{table}\n{end}{after}"
    return text


if __name__ == "__main__":
    README.write_text(renewed(README.read_text()))
