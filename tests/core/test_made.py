"""What is made while it is read costs nothing before, and can be read again."""

from supervisor.core.made import Made


def test_is_made_anew_for_each_reader() -> None:
    calls: list[int] = []

    def make(number: int) -> dict[str, int]:
        calls.append(number)
        return {"n": number}

    documents = Made(lambda: (make(number) for number in range(2)))
    assert calls == []
    assert list(documents) == list(documents) == [{"n": 0}, {"n": 1}]
    assert calls == [0, 1, 0, 1]
