"""What would run is told without running anything."""

from supervisor.cli.batches import at_directory
from tests.cli.conftest import Place, call

NIGHT = """\
retry: {attempts: 1}
groups:
  g:
    tasks:
      - {id: "{word}", run: "test {word} = ok", for: {word: [ok, no]}}
      - {id: list, run: [echo, "a b", "{task}"]}
"""


def test_before_and_after(place: Place) -> None:
    (place.path / "night.yaml").write_text(NIGHT)
    said = call("run", "night.yaml", "--dry-run")
    assert said.code == 0
    assert said.out.splitlines() == [
        "run   g/ok  test ok = ok",
        "run   g/no  test no = ok",
        "run   g/list  echo 'a b' g/list",
        "3 of 3 tasks would run",
    ]
    assert at_directory(str(place.path / ".overnight/night")) is None
    assert call("run", "night.yaml", "--headless").code == 1
    lines = call("run", "night.yaml", "--dry-run").out.splitlines()
    assert "skip  g/ok  succeeded" in lines
    assert "skip  g/no  failed; --retry-errors runs it" in lines
    assert lines[-1] == "0 of 3 tasks would run"
    lines = call("run", "night.yaml", "--dry-run", "--retry-errors").out.splitlines()
    assert lines[-1] == "1 of 3 tasks would run"
    lines = call("run", "night.yaml", "--dry-run", "--fresh").out.splitlines()
    assert lines[-1] == "3 of 3 tasks would run"


def test_an_inner_knob_is_filled_in(place: Place) -> None:
    text = "run: echo {capsules}\ninner: {knob: capsules, start: 20}\nid: t\n"
    (place.path / "inner.yaml").write_text(text)
    said = call("run", "inner.yaml", "--dry-run")
    assert said.out.splitlines()[0] == "run   inner/t  echo 20"
