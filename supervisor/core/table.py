"""Persistent collections: old versions stay as they were, an update copies about √n entries."""

from bisect import bisect_left, insort
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain, zip_longest
from math import isqrt
from operator import itemgetter
from typing import Any, Generic, Self, TypeVar, cast, overload

from typing_extensions import override

K = TypeVar("K")
V = TypeVar("V")
D = TypeVar("D")
T = TypeVar("T", bound=tuple[Any, ...])

_SMALLEST = 16
_ABSENT: Any = object()


class Table(Mapping[K, V], Generic[K, V]):
    """A mapping in order of insertion whose changed versions share all but one bucket.

    Versions also share the dict that says which bucket a key is in. It only ever grows, and only
    by the version that knows all of it; what an older version finds there beyond its own keys is
    not in its buckets.
    """

    __slots__ = ("_buckets", "_count", "_places", "_size")

    _buckets: tuple[dict[K, V], ...]
    _places: dict[K, int]
    _count: int
    _size: int

    def __init__(self, items: Mapping[K, V] | Iterable[tuple[K, V]] = ()) -> None:
        entries = list(dict(items).items())
        size = max(_SMALLEST, isqrt(len(entries)))
        self._buckets = tuple(dict(entries[i : i + size]) for i in range(0, len(entries), size))
        self._places = _places(self._buckets)
        self._count = len(entries)
        self._size = size

    @override
    def __getitem__(self, key: K) -> V:
        try:
            return self._buckets[self._places[key]][key]
        except IndexError:  # a newer version has that bucket
            raise KeyError(key) from None

    @overload
    def get(self, key: K, /) -> V | None: ...
    @overload
    def get(self, key: K, /, default: V | D) -> V | D: ...
    @override
    def get(self, key: K, /, default: Any = None) -> Any:
        """Return the value of ``key``, or ``default``."""
        place = self._places.get(key)
        if place is None or place >= len(self._buckets):
            return default
        return self._buckets[place].get(key, default)

    @override
    def __contains__(self, key: object) -> bool:
        return self.get(cast("K", key), _ABSENT) is not _ABSENT

    @override
    def __iter__(self) -> Iterator[K]:
        return chain.from_iterable(self._buckets)

    @override
    def __len__(self) -> int:
        return self._count

    @override
    def __repr__(self) -> str:
        return f"Table({dict(self)!r})"

    def with_(self, key: K, value: V) -> Self:
        """Return a version in which ``key`` has ``value``; a new key comes last."""
        old = self.get(key, _ABSENT)
        if old is value:
            return self
        if old is _ABSENT:
            return self._grown(key, value)
        place = self._places[key]
        bucket = self._buckets[place].copy()
        bucket[key] = value
        return self._with_bucket(place, bucket, self._places, self._count)

    def without(self, key: K) -> Self:
        """Return a version that lacks ``key``. Costs O(n); meant for small tables."""
        if key not in self:
            return self
        return type(self)((k, v) for k, v in self.items() if k != key)

    def diff(self, old: "Table[K, V]") -> dict[K, V]:
        """Return the entries that ``old`` lacks or holds as another object. Equal buckets cost nothing."""
        changed: dict[K, V] = {}
        for mine, theirs in zip_longest(self._buckets, old._buckets):  # noqa: SLF001 - of our own class
            if mine is None or mine is theirs:
                continue
            # Nearly always a key is in the same bucket of both; one dict's own get is the quickest.
            before = (theirs or {}).get
            changed |= {
                key: value
                for key, value in mine.items()
                if before(key, _ABSENT) is not value and old.get(key, _ABSENT) is not value
            }
        return changed

    def _grown(self, key: K, value: V) -> Self:
        places = self._places
        if len(places) != self._count:
            places = _places(self._buckets)
        last = len(self._buckets) - 1
        if last < 0 or len(self._buckets[last]) >= self._size:
            if len(self._buckets) >= 4 * self._size:
                return type(self)(chain(self.items(), ((key, value),)))
            last += 1
        bucket = {**self._buckets[last], key: value} if last < len(self._buckets) else {key: value}
        places[key] = last
        return self._with_bucket(last, bucket, places, self._count + 1)

    def _with_bucket(
        self, place: int, bucket: dict[K, V], places: dict[K, int], count: int
    ) -> Self:
        buckets = list(self._buckets)
        buckets[place : place + 1] = [bucket]
        made = object.__new__(type(self))
        made._buckets = tuple(buckets)
        made._places = places
        made._count = count
        made._size = self._size
        return made


def _places(buckets: Iterable[dict[K, V]]) -> dict[K, int]:
    return {key: place for place, bucket in enumerate(buckets) for key in bucket}


class Ordered(Collection[T], Generic[T]):
    """A sorted set of comparable tuples whose changed versions share all but one bucket."""

    __slots__ = ("_buckets", "_count")

    _LOAD = 128
    """Entries in a full bucket, about the root of the 20,000 that a large batch has."""

    _buckets: tuple[tuple[T, ...], ...]
    _count: int

    def __init__(self, items: Iterable[T] = ()) -> None:
        entries = sorted(set(items))
        load = self._LOAD
        self._buckets = tuple(tuple(entries[i : i + load]) for i in range(0, len(entries), load))
        self._count = len(entries)

    @override
    def __len__(self) -> int:
        return self._count

    @override
    def __iter__(self) -> Iterator[T]:
        return chain.from_iterable(self._buckets)

    @override
    def __contains__(self, item: object) -> bool:
        if not self._buckets:
            return False
        sought = cast("T", item)
        bucket = self._buckets[self._place(sought)]
        at = bisect_left(bucket, sought)
        return at < len(bucket) and bucket[at] == sought

    @override
    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ordered) and tuple(self) == tuple(cast("Ordered[T]", other))

    __hash__ = None  # type: ignore[assignment]

    @override
    def __repr__(self) -> str:
        return f"Ordered({list(self)!r})"

    @property
    def first(self) -> T | None:
        """The smallest item; None: empty."""
        return self._buckets[0][0] if self._buckets else None

    def add(self, item: T) -> Self:
        """Return a version that has ``item``."""
        if item in self:
            return self
        if not self._buckets:
            return self._with(0, [(item,)], 1)
        place = self._place(item)
        bucket = list(self._buckets[place])
        insort(bucket, item)
        if len(bucket) <= 2 * self._LOAD:
            return self._with(place, [tuple(bucket)], 1)
        return self._with(place, [tuple(bucket[: self._LOAD]), tuple(bucket[self._LOAD :])], 1)

    def discard(self, item: T) -> Self:
        """Return a version without ``item``."""
        if item not in self:
            return self
        place = self._place(item)
        bucket = self._buckets[place]
        at = bisect_left(bucket, item)
        rest = bucket[:at] + bucket[at + 1 :]
        return self._with(place, [rest] if rest else [], -1)

    def _place(self, item: T) -> int:
        """Which bucket holds ``item``, or would."""
        at = bisect_left(self._buckets, item, key=itemgetter(-1))
        return min(at, len(self._buckets) - 1)

    def _with(self, place: int, buckets: list[tuple[T, ...]], more: int) -> Self:
        made = object.__new__(type(self))
        made._buckets = (*self._buckets[:place], *buckets, *self._buckets[place + 1 :])
        made._count = self._count + more
        return made
