"""The words of a command line, taken apart by the command table. Imports nothing: it must be quick."""

# A plain class instead of a dataclass, and no typing: reading commands start in 2.5 times the
# time of a bare interpreter, of which those two modules alone would take a third.

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


class CommandError(Exception):
    """The command cannot be carried out; its text says why and what to do."""

    def __init__(self, text: str, code: int = 1) -> None:
        super().__init__(text)
        self.code = code
        """What to exit with."""


class Flag:
    """One option of a command. ``value`` names its value; empty: it has none."""

    __slots__ = ("help", "letter", "many", "name", "value")

    def __init__(
        self, name: str, help_text: str, *, letter: str = "", value: str = "", many: bool = False
    ) -> None:
        self.name = name
        self.help = help_text
        self.letter = letter
        self.value = value
        self.many = many


class Args:
    """A command's words: positional ones, flags, and what stood after ``--``."""

    __slots__ = ("after", "command", "flags", "words")

    def __init__(
        self,
        words: list[str],
        flags: dict[str, list[str]],
        *,
        command: str = "",
        after: list[str] | None = None,
    ) -> None:
        self.command = command
        self.words = words
        self.flags = flags
        self.after = after
        """Words after ``--``; None where there was none."""

    def on(self, name: str) -> bool:
        """Return whether the flag ``--name`` was given."""
        return name in self.flags

    def text(self, name: str) -> str | None:
        """Return the value of ``--name``, the last one given; None when it was not."""
        given = self.flags.get(name)
        return given[-1] if given else None

    def texts(self, name: str) -> list[str]:
        """Return every value of ``--name``, in order."""
        return self.flags.get(name, [])

    def number(self, name: str) -> int | None:
        """Return the value of ``--name`` as a whole number.

        Raises:
            CommandError: it is none.
        """
        given = self.text(name)
        if given is None:
            return None
        if not given.isascii() or not given.isdigit():
            raise CommandError(f"--{name} wants a whole number, not {given!r}")
        return int(given)

    def first(self) -> str | None:
        """Return the first positional word, if any."""
        return self.words[0] if self.words else None


def parsed(words: list[str], flags: tuple[Flag, ...], command: str = "") -> Args:
    """Take ``words`` apart; flags may stand anywhere before ``--``.

    Raises:
        CommandError: an unknown flag, or one without its value.
    """
    names = {f"--{flag.name}": flag for flag in flags}
    letters = {flag.letter: flag for flag in flags if flag.letter}
    args = Args([], {}, command=command)
    rest = iter(words)
    for word in rest:
        if word == "--":
            args.after = list(rest)
        elif word.startswith("--"):
            _long(word, names, rest, args)
        elif word.startswith("-") and len(word) > 1 and not word[1:].isdigit():
            _letters(word[1:], letters, rest, args)
        else:
            args.words.append(word)
    return args


def _long(word: str, names: dict[str, Flag], rest: "Iterator[str]", args: Args) -> None:
    """Take in ``--name``, ``--name=value`` or ``--name value``."""
    name, equals, value = word.partition("=")
    flag = names.get(name)
    if flag is None:
        from supervisor.cli.nearest import hint

        raise CommandError(f"unknown flag {name}{hint(name, list(names))}")
    if equals and not flag.value:
        raise CommandError(f"{name} takes no value")
    _take(flag, value if equals else None, rest, args)


def _letters(cluster: str, letters: dict[str, Flag], rest: "Iterator[str]", args: Args) -> None:
    """Take in ``-f``, ``-j8``, ``-j 8`` or several valueless letters at once."""
    while cluster:
        flag = letters.get(cluster[0])
        if flag is None:
            raise CommandError(f"unknown flag -{cluster[0]}")
        cluster = cluster[1:]
        if flag.value:
            _take(flag, cluster.removeprefix("=") or None, rest, args)
            return
        _take(flag, None, rest, args)


def _take(flag: Flag, value: str | None, rest: "Iterator[str]", args: Args) -> None:
    if flag.value and value is None:
        value = next(rest, None)
        if value is None or value == "--":
            raise CommandError(f"--{flag.name} wants a value: --{flag.name} {flag.value}")
    args.flags.setdefault(flag.name, []).append(value or "")
