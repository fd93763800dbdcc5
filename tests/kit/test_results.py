import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supervisor.kit.errors import CheckpointError, InputChangedError, KitError
from supervisor.kit.results import Results


def test_what_was_recorded_is_known_again(tmp_path: Path) -> None:
    with Results(tmp_path / "r.jsonl", settings={"model": "a"}) as results:
        results.done("q1", {"answer": 42}, of="h")
        results.failed("q2", "boom", error_class="timeout", trace="Traceback")
    with Results(tmp_path / "r.jsonl", settings={"model": "a"}) as results:
        assert (results.state("q1"), results.state("q2"), results.state("q3")) == (
            "done",
            "failed",
            None,
        )
        assert results.content("q1") == "h"
        assert results.keys("failed") == {"q2"}
        results.done("q2", "well")
        one, two = results.outcomes()
    assert (one.key, one.result, one.error) == ("q1", {"answer": 42}, None)
    assert (two.key, two.result, two.error) == ("q2", "well", None)


def test_other_settings_are_refused_by_name(tmp_path: Path) -> None:
    Results(tmp_path / "r", settings={"model": "a", "n": 1}).close()
    with pytest.raises(InputChangedError, match=r"model was 'a', is 'b'.*changed='again'"):
        Results(tmp_path / "r", settings={"model": "b", "n": 1})


def test_starting_over_keeps_the_old_lines(tmp_path: Path) -> None:
    with Results(tmp_path / "r", settings={"model": "a"}) as results:
        results.done("q1", "old")
    with Results(tmp_path / "r", settings={"model": "b"}, changed="again") as results:
        assert len(results) == 0
        results.done("q2", "new")
    with Results(tmp_path / "r", settings={"model": "b"}) as results:
        assert [one.key for one in results.outcomes()] == ["q2"]
    assert "old" in (tmp_path / "r").read_text()


def test_going_on_is_asked_once(tmp_path: Path) -> None:
    with Results(tmp_path / "r", settings={"model": "a"}) as results:
        results.done("q1")
    Results(tmp_path / "r", settings={"model": "b"}, changed="keep").close()
    with Results(tmp_path / "r", settings={"model": "b"}) as results:
        assert results.state("q1") == "done"


@pytest.mark.parametrize("text", ['{"id": 1}\n', "notes\n", "notes", '{"item": "q"}\n'])
def test_a_file_of_somebody_else_is_left_alone(tmp_path: Path, text: str) -> None:
    (tmp_path / "r").write_text(text)
    with pytest.raises(CheckpointError, match="name another one"):
        Results(tmp_path / "r")
    assert (tmp_path / "r").read_text() == text


def test_a_newer_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "r").write_text('{"kit":2}\n')
    with pytest.raises(CheckpointError, match="version 2"):
        Results(tmp_path / "r")


def test_a_damaged_line_costs_its_item_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Results(tmp_path / "r") as results:
        for name in "abc":
            results.done(name)
    lines = (tmp_path / "r").read_bytes().split(b"\n")
    lines[2] = b"\0" * len(lines[2])
    (tmp_path / "r").write_bytes(b"\n".join(lines))
    with Results(tmp_path / "r") as results:
        assert results.keys("done") == {"a", "c"}
        assert results.unreadable == 1
    assert "1 lines cannot be read" in capsys.readouterr().err


def test_a_result_that_json_lacks_is_named_and_leaves_no_trace(tmp_path: Path) -> None:
    with Results(tmp_path / "r") as results:
        with pytest.raises(KitError, match="q1: the result cannot be recorded: a object"):
            results.done("q1", object())
        with pytest.raises(KitError, match="a bytes is nothing that JSON has"):
            results.done("q1", {"image": b"x"})
        assert results.state("q1") is None
        results.done("q1", {1, 2})
    assert json.loads((tmp_path / "r").read_text().splitlines()[1])["result"] == [1, 2]


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.text(max_size=5), st.booleans(), st.text(max_size=20)), max_size=8),
    st.data(),
)
def test_wherever_the_file_is_cut_only_the_last_item_is_lost(
    tmp_path_factory: pytest.TempPathFactory,
    told: list[tuple[str, bool, str]],
    data: st.DataObject,
) -> None:
    """A power cut or kill may leave any beginning of the file: all whole records count."""
    place = tmp_path_factory.mktemp("cut") / "r"
    ends: list[tuple[int, dict[str, str]]] = []
    state: dict[str, str] = {}
    with Results(place, sync="never") as results:
        ends.append((place.stat().st_size, {}))
        for key, well, text in told:
            if well:
                results.done(key, text)
            else:
                results.failed(key, text)
            state[key] = "done" if well else "failed"
            ends.append((place.stat().st_size, dict(state)))
    cut = data.draw(st.integers(0, ends[-1][0]))
    garbage = data.draw(st.sampled_from([b"", b"\0\0\0"]))
    place.write_bytes(place.read_bytes()[:cut] + garbage)
    # A record is whole without its newline, too.
    kept = max((end for end in ends if end[0] - (not garbage) <= cut), default=(0, {}))[1]
    with Results(place, sync="never") as results:
        assert {key: results.state(key) for key in state if results.state(key)} == kept
        results.done("last")
    with Results(place, sync="never") as results:
        assert results.state("last") == "done"
        assert results.unreadable == 0
        assert len(list(results.outcomes())) == len(results)
