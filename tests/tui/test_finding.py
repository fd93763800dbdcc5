from supervisor.ports import Hits
from supervisor.tui.finding import Finding, asked_for


def test_a_pattern_stands_between_slashes() -> None:
    assert asked_for(r"/5\d\d/") == (r"5\d\d", True)
    assert asked_for("a/b") == ("a/b", False)
    assert asked_for("//") == ("//", False)


def test_next_and_previous_go_by_place() -> None:
    found = Finding("x", regex=False)
    found.take(Hits(lines=(10, 20, 30), until=40, size=40, trouble=""))
    assert (found.near(20, 1), found.near(20, -1)) == (30, 10)
    assert (found.near(-1, 1), found.near(31, -1)) == (10, 30)
    assert (found.near(30, 1), found.near(10, -1)) == (None, None)


def test_it_says_how_it_stands() -> None:
    found = Finding("x", regex=True)
    found.take(Hits(lines=(10,), until=50, size=200, trouble=""))
    assert not found.complete
    assert found.words(None) == "/x/: 1 found, 25 %"
    found.take(Hits(lines=(60,), until=200, size=200, trouble=""))
    assert found.complete
    assert found.words(60) == "/x/: 2 of 2 found"
    assert Finding("y", regex=False).words(None) == "y: not found"
    found.take(Hits(lines=(), until=0, size=0, trouble="no pattern: missing )"))
    assert found.complete
    assert found.words(None) == "no pattern: missing )"


def test_lines_are_known_by_where_they_begin() -> None:
    found = Finding("x", regex=False)
    found.take(Hits(lines=(0, 20), until=40, size=40))
    assert [offset for offset in range(30) if found.has(offset)] == [0, 20]


def test_an_answer_is_due_until_it_comes() -> None:
    found = Finding("x", regex=False, asked=True)
    found.take(Hits(lines=(), until=1, size=2))
    assert not found.asked


def test_long_searches_leave_room_for_what_was_found() -> None:
    finding = Finding("openai.AuthenticationError: Error code: 401", regex=False)
    finding.take(Hits(lines=(7,), until=9, size=9))
    assert finding.words(7) == "openai.AuthenticationError:...: 1 of 1 found"
