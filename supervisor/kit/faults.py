"""What went wrong with an item, in words and in the supervisor's classes."""

import traceback

_TRACE = 4000


def told(error: BaseException | str) -> tuple[str, str]:
    """Return an error in one line or a few, and the end of its traceback (empty for a text)."""
    if isinstance(error, str):
        return error, ""
    text = "".join(traceback.format_exception_only(error)).strip()
    return text, "".join(traceback.format_exception(error))[-_TRACE:]


def class_of(error: BaseException | str) -> str:
    """Return the class of an error in the supervisor's words; ``unknown`` where no rule explains it."""
    # Loaded here: who never fails needs no rules.
    from supervisor.kit.detector import classify

    return classify(error).error_class
