"""What a command is: how it is written, what it does, which module carries it out."""

from supervisor.cli.words import Flag


class Command:
    """One command: how it is written, what it does, and the module whose ``run(args)`` does it."""

    __slots__ = (
        "about",
        "batch",
        "flags",
        "help",
        "module",
        "most",
        "name",
        "quick",
        "reads",
        "usage",
    )

    def __init__(
        self,
        name: str,
        usage: str,
        help_text: str,
        *flags: Flag,
        module: str = "",
        reads: bool = False,
        quick: bool = False,
        batch: bool = True,
        orders: bool = False,
        most: int | None = 0,
        about: str = "",
    ) -> None:
        self.name = name
        self.usage = usage
        """Arguments and the flags worth showing, as one line."""
        self.help = help_text
        self.module = module or name
        self.reads = reads
        """Only looks, and has ``--json``."""
        self.quick = quick
        """Its module starts quickly and raises nothing but CommandError."""
        self.most = most
        """How many words it takes beside flags; None: any number, and what stands after ``--``."""
        self.batch = batch
        """Takes ``-b BATCH``."""
        orders = orders or module == "control"
        more = ((JSON, reads), (WHY, orders), (BATCH, batch))
        self.flags = (*flags, *(flag for flag, taken in more if taken))
        """With those that several commands take: ``orders`` means that it may be given a reason."""
        self.about = about


JSON = Flag("json", "print JSON for scripts")
BATCH = Flag("batch", "the batch: its name, file or directory", letter="b", value="BATCH")
WHY = Flag("why", "the reason, as `overnight why` and the timeline tell it", value="TEXT")
YES = Flag("yes", "do not ask", letter="y")
DRY = Flag("dry-run", "only list what would be done")
