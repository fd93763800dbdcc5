"""What can go wrong in the kit; each text names the thing and the way out."""


class KitError(Exception):
    """Something the kit was asked for cannot be done."""


class CheckpointError(KitError):
    """A result could not be written or read; what was recorded before is safe."""


class BusyError(CheckpointError):
    """Another process records into the same file."""


class InputChangedError(KitError):
    """Recorded results belong to other settings, or to an item that was different then."""


class LimitWaitError(KitError):
    """A limit was waited for as long as allowed, and still holds."""
