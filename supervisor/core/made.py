"""Documents that are made one after another while they are written."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from typing_extensions import override


class Made(Iterable[Mapping[str, Any]]):
    """Documents that ``make`` makes for whoever goes through them, anew each time.

    The results of 20,000 tasks take 40 MiB when they are all there at once.
    """

    __slots__ = ("_make",)

    def __init__(self, make: Callable[[], Iterator[Mapping[str, Any]]]) -> None:
        self._make = make

    @override
    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        return self._make()
