"""A screen that fails when ``f`` is pressed: ``python -m tests.tui.faulty HOME``."""

import sys
from functools import partial
from pathlib import Path

from supervisor.cli.looks import log_fault
from supervisor.tui.app import OvernightApp
from supervisor.tui.screens.overview import OverviewScreen
from supervisor.tui.settings import Settings
from tests.tui.scene import NOW, THEMES, engine


def fail(self: OverviewScreen) -> None:
    """Fail, as the screen itself might."""
    raise ZeroDivisionError("the screen's own fault")


def main() -> int:
    home = Path(sys.argv[1])
    OverviewScreen.action_follow = fail  # type: ignore[method-assign]
    app = OvernightApp(
        engine(),
        themes=THEMES,
        theme="night",
        now=lambda: NOW,
        settings=Settings(log_fault=partial(log_fault, home)),
    )
    app.run()
    return app.return_code or 0


if __name__ == "__main__":
    sys.exit(main())
