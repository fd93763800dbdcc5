"""The copied kit is the kit: it does the same, and needs nothing."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from supervisor.cli.kit_copy import MANIFEST, contents, write
from supervisor.cli.words import CommandError

BARE = [getattr(sys, "_base_executable", sys.executable), "-I", "-S", "-B"]
"""Python without any installed package."""

RUNNER = """
import json, sys
sys.path.insert(0, {place!r})
{load}
with kit.run("r.jsonl", settings={{"model": "a"}}) as run:
    for item in run.todo([{{"id": n}} for n in range(9)]):
        if item["id"] % 3 == 0:
            run.failed(item, "Error: 429 Too Many Requests")
        else:
            run.done(item, item["id"] ** 2)
print(kit.classify("You've hit your limit · resets 4pm (America/Los_Angeles)", now=1.7e9))
print(run.counts, sorted(name for name in sys.modules if name.startswith("supervisor.")))
"""


def ran(folder: Path, place: Path, load: str) -> tuple[str, str]:
    folder.mkdir()
    script = RUNNER.format(place=str(place), load=load)
    done = subprocess.run(
        [*BARE, "-c", script], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, (folder / "r.jsonl").read_text()


def test_it_does_what_the_kit_does_with_nothing_installed(tmp_path: Path) -> None:
    assert write(tmp_path / "overnight_kit") == len(contents())
    copied = ran(tmp_path / "a", tmp_path, "import overnight_kit as kit")
    checkout = Path(__file__).parents[2]
    original = ran(tmp_path / "b", checkout, "from supervisor import kit")
    assert copied[1] == original[1]
    assert copied[0].splitlines()[0] == original[0].splitlines()[0]
    assert copied[0].endswith(" []\n"), "nothing of the original is imported"


def test_each_module_of_it_can_be_imported(tmp_path: Path) -> None:
    write(tmp_path / "overnight_kit")
    names = [
        f"overnight_kit.{name[:-3].replace('/', '.')}"
        for name in contents()
        if name.endswith(".py") and "__init__" not in name
    ]
    script = f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
    script += "\n".join(f"import {name}" for name in names)
    subprocess.run([*BARE, "-c", script], check=True)


def test_nothing_of_it_names_the_original(tmp_path: Path) -> None:
    for name, data in contents().items():
        if name.endswith(".py"):
            assert b"supervisor.kit" not in data, name
            assert b"supervisor.core" not in data, name
            assert b"from supervisor" not in data, name


def test_a_newer_copy_takes_its_place(tmp_path: Path) -> None:
    target = tmp_path / "overnight_kit"
    write(target)
    (target / "__pycache__").mkdir()
    (target / "__pycache__" / "work.pyc").write_bytes(b"x")
    manifest = json.loads((target / MANIFEST).read_text())
    manifest["overnight"] = "0.0.1"
    (target / MANIFEST).write_text(json.dumps(manifest))
    write(target)
    assert "0.0.1" not in (target / MANIFEST).read_text()
    assert [one.name for one in tmp_path.iterdir()] == ["overnight_kit"]


def test_what_is_not_its_own_is_left_alone(tmp_path: Path) -> None:
    target = tmp_path / "overnight_kit"
    target.mkdir()
    with pytest.raises(CommandError, match="is no copy of the kit"):
        write(target)
    target.rmdir()
    target.write_text("mine")
    with pytest.raises(CommandError, match="is no copy of the kit"):
        write(target)
    target.unlink()
    write(target)
    (target / "mine.py").write_text("")
    with pytest.raises(CommandError, match=r"mine\.py is not as it was copied"):
        write(target)
    (target / "mine.py").unlink()
    (target / "work.py").write_text("# changed\n")
    with pytest.raises(CommandError, match=r"work\.py is not as it was copied"):
        write(target)
    assert (target / "work.py").read_text() == "# changed\n"


def test_a_place_that_cannot_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError, match="cannot write it"):
        write(tmp_path / "file" / "overnight_kit")
