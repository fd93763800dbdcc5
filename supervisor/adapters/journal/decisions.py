"""The recorded decisions of a batch."""

import sqlite3
from collections.abc import Sequence

from supervisor.ports import Decision


def read_decisions(
    connection: sqlite3.Connection, subjects: Sequence[str], limit: int
) -> Sequence[Decision]:
    """Return the newest ``limit`` decisions about these subjects (empty: all), oldest first."""
    about = f"WHERE subject IN ({', '.join('?' * len(subjects))})" if subjects else ""
    found = connection.execute(
        f"SELECT seq, at, kind, subject, text FROM decisions {about}"
        " ORDER BY seq DESC, n DESC LIMIT ?",
        (*subjects, limit),
    ).fetchall()
    return [
        Decision(seq=seq, at=at, kind=kind, subject=subject, text=text)
        for seq, at, kind, subject, text in reversed(found)
    ]
