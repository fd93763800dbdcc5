"""Names made from what the user wrote: default task ids and slugs."""

import hashlib
import re
from collections import Counter
from collections.abc import Sequence

_OTHER = re.compile(r"[^A-Za-z0-9._=+@,-]+")
_LONGEST = 80


def slug(text: str) -> str:
    """Return ``text`` as letters, digits and ``._=+@,-``, at most 80 of them; never empty."""
    made = _OTHER.sub("-", text).strip("-.,")
    made = re.sub(r"-{2,}", "-", made)
    if len(made) > _LONGEST:
        return f"{made[: _LONGEST - 7].rstrip('-.')}-{digest(text)}"
    return made or digest(text)


def slugs(texts: Sequence[str]) -> list[str]:
    """Return a slug for each text; different texts whose slugs clash all get a hash.

    So a slug does not depend on the order of the texts. Equal texts keep equal slugs.
    """
    plain = {text: slug(text) for text in texts}
    clashes = Counter(plain.values())
    return [
        plain[text] if clashes[plain[text]] == 1 else f"{plain[text]}-{digest(text)}"
        for text in texts
    ]


def digest(text: str) -> str:
    """Return six hex digits that stand for ``text``."""
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:6]
