"""Equal texts and tuples of texts become one."""

from supervisor.core.shared import shared_text, shared_texts


def test_equal_texts_become_one() -> None:
    one, other = (shared_text("".join(["succeeded", " after 4s"])) for _ in range(2))
    assert one is other


def test_equal_tuples_become_one() -> None:
    one, other = (shared_texts(tuple("abc")) for _ in range(2))
    assert one is other
