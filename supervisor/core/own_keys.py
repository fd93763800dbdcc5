"""Keys that the operator chose, as the file says them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnKeys:
    """One line: an action, and the keys it is to have; none to take all from it."""

    where: str
    """File and line, for complaints."""
    action: str
    keys: tuple[str, ...]
