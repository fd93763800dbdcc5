"""Lines that differ in nothing but the time at which they were written mean the same."""

import re

_STAMP = re.compile(
    r"""[\W_]{0,2}(?:\d{4}[-/.]\d\d[-/.]\d\d[T\s]|[A-Z][a-z]{2}\s[\s\d]\d\s|\d\d-\d\d\s)?
    \d\d:\d\d:\d\d(?:[.,](?![45]\d\d\b)\d{1,9})?(?!\d)""",
    re.VERBOSE,
)
"""Thousandths that look like the status of an answer are left as they are."""
_NOUGHTS = str.maketrans("123456789", "000000000")


def likeness(line: str) -> str:
    """Return ``line`` with noughts for the digits of the time that it begins with."""
    stamp = _STAMP.match(line)
    if stamp is None:
        return line
    end = stamp.end()
    return line[:end].translate(_NOUGHTS) + line[end:]
