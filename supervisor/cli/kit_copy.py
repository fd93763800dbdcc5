"""The kit and what it needs of the core, rewritten as one package that imports nothing else."""

import ast
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path

from supervisor.cli.words import CommandError
from supervisor.config.data import PACKAGE, find

NAME = "overnight_kit"
MANIFEST = "COPIED.json"
"""Names each file with its hash: what is not in it was not written by us."""
_MODULE = re.compile(r"\bsupervisor\.(kit|core)\b")
_FROM = re.compile(r"\bfrom supervisor import kit\b")


def write(target: Path) -> int:
    """Write the package, or a newer one over a copy that nobody changed; return how many files.

    Raises:
        CommandError: something else is at ``target``, or it cannot be written.
    """
    files = contents()
    _refuse_others(target)
    draft = target.with_name(f".{NAME}.{os.getpid()}.new")
    try:
        for name, data in files.items():
            file = draft / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        old = target.with_name(f".{NAME}.{os.getpid()}.old")
        if target.exists():
            target.rename(old)
        draft.rename(target)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise CommandError(f"{target}: cannot write it: {error.strerror}") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return len(files)


def contents() -> Mapping[str, bytes]:
    """Return every file of the package by its path in it, the manifest included."""
    files = {
        f"{path.stem}.py": _rewritten(path.read_text(encoding="utf-8"))
        for path in sorted((PACKAGE / "kit").glob("*.py"))
    }
    for name in sorted(_core_modules()):
        files[f"core/{name}.py"] = _rewritten(_core(name).read_text(encoding="utf-8"))
    files["core/__init__.py"] = files["py.typed"] = b""
    files["rules.json"] = find("configs/rules.json", os.environ).read_bytes()
    sums = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    manifest = {"overnight": version("overnight"), "license": "MIT", "files": sums}
    return files | {MANIFEST: json.dumps(manifest, indent=1).encode() + b"\n"}


def _core_modules() -> set[str]:
    """Return the core's modules that the kit imports, directly or not."""
    found: set[str] = set()
    waiting = list((PACKAGE / "kit").glob("*.py"))
    while waiting:
        for name in _imported(waiting.pop()):
            if name not in found:
                found.add(name)
                waiting.append(_core(name))
    return found


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.ImportFrom) or node.module is None:
            continue
        if node.module == "supervisor.core":
            yield from (alias.name for alias in node.names)
        elif node.module.startswith("supervisor.core."):
            yield node.module.rpartition(".")[2]


def _core(name: str) -> Path:
    return PACKAGE / "core" / f"{name}.py"


def _rewritten(text: str) -> bytes:
    text = _FROM.sub(f"import {NAME} as kit", text)
    return _MODULE.sub(lambda found: NAME if found[1] == "kit" else f"{NAME}.core", text).encode()


def _refuse_others(target: Path) -> None:
    """Raise where anything at ``target`` was not written by us, or was changed since."""
    if not os.path.lexists(target):
        return
    try:
        sums: dict[str, str] = json.loads((target / MANIFEST).read_bytes())["files"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CommandError(
            f"{target} exists and is no copy of the kit; remove it, or name another directory"
        ) from error
    for path in sorted(target.rglob("*")):
        name = path.relative_to(target).as_posix()
        if path.is_dir() and not path.is_symlink():
            continue
        if name != MANIFEST and "__pycache__" not in path.parts and not _is(path, sums.get(name)):
            raise CommandError(
                f"{path} is not as it was copied; move it away, or name another directory"
            )


def _is(path: Path, digest: str | None) -> bool:
    return digest is not None and hashlib.sha256(path.read_bytes()).hexdigest() == digest
