"""The journal in SQLite: every step durable, damage survived, older files migrated."""

from supervisor.adapters.journal.reading import read_stored, read_stored_decisions
from supervisor.adapters.journal.sqlite import SqliteJournal

__all__ = ["SqliteJournal", "read_stored", "read_stored_decisions"]
