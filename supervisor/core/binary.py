"""Bytes that are no text: a model's weights or an image on a log, told by their control characters."""

_CONTROLS = bytes(set(range(1, 32)) - {0x08, 0x09, 0x0A, 0x0C, 0x0D, 0x1B}) + b"\x7f"
_SHARE = 0.05
"""Random bytes have 10 % of these; text with colours, bells and form feeds next to none."""


def text_of(data: bytes) -> tuple[bytes, int]:
    r"""Return ``data`` without its binary lines, and how many bytes those had.

    Zero bytes go anyhow: a log that was truncated under its writer begins with them. The last part,
    which has no ``\n`` yet, stays.
    """
    if b"\0" not in data:
        return data, 0
    text = data.translate(None, b"\0")
    if not _is_binary(text):
        return text, 0
    *lines, last = text.split(b"\n")
    kept = [line for line in lines if not _is_binary(line)]
    dropped = len(text) - len(last) - sum(len(line) + 1 for line in kept)
    return b"\n".join([*kept, last]), dropped


def _is_binary(text: bytes) -> bool:
    return len(text) - len(text.translate(None, _CONTROLS)) > _SHARE * len(text)
