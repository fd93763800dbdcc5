"""``overnight kit --copy DIR``: the kit as a package of its own, for environments that may not be touched."""

from pathlib import Path

from supervisor.cli.words import Args, CommandError


def run(args: Args) -> int:
    """Write ``DIR/overnight_kit``.

    Raises:
        CommandError: something else is there, or it cannot be written.
    """
    from supervisor.cli.kit_copy import NAME, write

    place = args.text("copy")
    if place is None:
        raise CommandError("copy the kit where? overnight kit --copy DIR")
    target = Path(place) / NAME
    count = write(target)
    print(f"wrote {target} ({count} files); in your runner: import {NAME} as kit")
    return 0
