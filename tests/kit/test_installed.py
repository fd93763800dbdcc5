"""``pip install --no-deps overnight`` is enough for a runner."""

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]

SCRIPT = """
import sys
from supervisor import kit
with kit.run("r.jsonl") as run:
    for item in run.todo(["a", "b"]):
        run.done(item)
assert run.exit_code == 0
assert kit.classify("Error: 429 Too Many Requests").error_class == "rate_limit"
for name in kit.__all__:
    getattr(kit, name)
print(sys.modules["supervisor"].__path__[0])
"""


def test_the_wheel_alone_has_the_kit(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*build, "--wheel-dir", str(tmp_path), str(ROOT)], check=True)
    (wheel,) = tmp_path.glob("*.whl")
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    bare = getattr(sys, "_base_executable", sys.executable)
    done = subprocess.run(
        [bare, "-I", "-S", "-B", "-c", f"import sys; sys.path.insert(0, {str(site)!r})\n{SCRIPT}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(site / "supervisor")
