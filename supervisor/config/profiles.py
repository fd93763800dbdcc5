"""Runner profiles: YAML that people write, one file for each kind of runner."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, cast

from pydantic import Field, ValidationError

from supervisor.config.kinds import Counter, Duration, Filled, Name, Reads, Text, Texts
from supervisor.config.policies import Keys, SuccessKeys, given
from supervisor.config.problems import nearest
from supervisor.config.scalars import texts
from supervisor.config.source import Document, Loc, Plain, read
from supervisor.config.watch_keys import WatchedContainers
from supervisor.core.runners import GENERIC, Option, ResultsAt, RunnerProfile, SuccessSigns
from supervisor.ports import ConfigError

READERS = ("hal", "inspect", "lm_eval", "pytest", "swebench")
"""The readers of results there are, in ``adapters/results``."""


def _patterns(value: Plain) -> tuple[str, ...]:
    found = texts(value)
    for pattern in found:
        _pattern(pattern)
    return found


def _pattern(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as error:
        raise ValueError(f"{pattern!r} is no regular expression: {error}") from None


def _reader(value: Plain) -> str:
    if value not in READERS:
        raise ValueError(f"is one of {', '.join(READERS)}, not {value!r}")
    return str(value)


class OptionKeys(Keys):
    """A value that the command line or environment of a runner may carry."""

    flags: Texts | None = Field(default=None, description="Such as --log-dir.")
    env: Filled | None = Field(default=None, description="A variable that says it, too.")
    default: Text | None = Field(default=None, description="Else; may be a glob.")


class ResultsKeys(Keys):
    """Where a runner's results lie, and who can read them."""

    reader: Annotated[str, Reads(_reader, {"enum": list(READERS)})]
    globs: Texts


class ProfileKeys(Keys):
    """One file of ``runners``."""

    name: Name | None = Field(default=None, description="Default: the file's name.")
    commands: Annotated[tuple[str, ...], Reads(_patterns, {})] = ()
    options: dict[Name, OptionKeys] | None = None
    success: SuccessKeys | None = None
    results: ResultsKeys | None = None
    resume: Filled | None = None
    progress: Counter | None = None
    quiet: Duration | None = None
    containers: WatchedContainers | None = None

    def profile(self, name: str) -> RunnerProfile:
        """Return the profile; ``name`` is used where the file gives none."""
        return RunnerProfile(
            name=self.name or name,
            commands=self.commands,
            options=MappingProxyType({key: _option(o) for key, o in (self.options or {}).items()}),
            success=_signs(self.success),
            results=None if self.results is None else _results(self.results),
            resume=self.resume,
            progress=self.progress,
            quiet_s=self.quiet,
            containers=self.containers.rules() if self.containers else None,
        )


def _option(keys: OptionKeys) -> Option:
    return Option(flags=keys.flags or (), **given(env=keys.env, default=keys.default))


def _results(keys: ResultsKeys) -> ResultsAt:
    return ResultsAt(reader=keys.reader, globs=keys.globs)


def _signs(keys: SuccessKeys | None) -> SuccessSigns:
    if keys is None:
        return SuccessSigns()
    return SuccessSigns(**given(exit=keys.exit, files=keys.files, markers=keys.markers))


@cache
def load_profiles(folders: tuple[Path, ...]) -> Mapping[str, RunnerProfile]:
    """Return every profile of ``folders`` by name, ``generic`` last; the first of a name wins.

    Raises:
        ConfigError: with every fault of every file.
    """
    profiles: dict[str, RunnerProfile] = {}
    problems: list[str] = []
    for path in (path for folder in folders for path in sorted(folder.glob("*.yaml"))):
        try:
            profile = read_profile(path.read_text(encoding="utf-8"), str(path))
        except ConfigError as error:
            problems.extend(error.problems)
        except (OSError, UnicodeDecodeError) as error:
            problems.append(f"{path}: the profile cannot be read: {error}")
        else:
            profiles.setdefault(profile.name, profile)
    if problems:
        raise ConfigError(problems)
    profiles[GENERIC] = profiles.pop(GENERIC, RunnerProfile(name=GENERIC))
    return MappingProxyType(profiles)


def read_profile(text: str, name: str) -> RunnerProfile:
    """Return the profile that ``text`` describes; ``name`` is the path of its file.

    Raises:
        ConfigError: with every fault in it.
    """
    document = read(text, name)
    if not isinstance(document.value, dict):
        raise ConfigError([f"{name}:1: a profile has keys such as {', '.join(_known())}"])
    try:
        return ProfileKeys.model_validate(document.value).profile(Path(name).stem)
    except ValidationError as error:
        faults = cast("Iterable[Mapping[str, Any]]", error.errors(include_url=False))
        raise ConfigError([_told(fault, document) for fault in faults]) from None


def _told(fault: Mapping[str, Any], document: Document) -> str:
    loc: Loc = tuple(part for part in fault["loc"] if part != "[key]")
    if fault["type"] == "extra_forbidden":
        known = _known() if len(loc) == 1 else ()
        message = f"unknown key{nearest(str(loc[-1]), known)}"
    elif fault["type"] == "missing":
        message = "is missing"
    else:
        message = str(fault.get("ctx", {}).get("error", fault["msg"]))
    where = ".".join(map(str, loc))
    return f"{document.name}:{document.line(loc)}: {where}: {message}"


def _known() -> tuple[str, ...]:
    return tuple(ProfileKeys.model_fields)
