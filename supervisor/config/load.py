"""From a batch file to a ``BatchSpec``: expanded, checked, with nothing left to look up."""

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from supervisor.config import scalars
from supervisor.config.data import folders
from supervisor.config.environment import captured
from supervisor.config.group_checks import check_policies
from supervisor.config.limits import LimitKeys
from supervisor.config.names import slug
from supervisor.config.needs import resolved
from supervisor.config.offsets import zone_offsets
from supervisor.config.own_rules import batch_rules, user_rules
from supervisor.config.policies import by_class
from supervisor.config.problems import Problems, nearest
from supervisor.config.profiles import load_profiles
from supervisor.config.schema import BatchKeys, GroupKeys, merged
from supervisor.config.source import Loc, read
from supervisor.config.tasks import Expansion, Place
from supervisor.config.validate import validated
from supervisor.core.models import (
    BatchSpec,
    GroupId,
    GroupSpec,
    Hours,
    LimitId,
    LimitSpec,
    OwnRule,
    TaskSpec,
)
from supervisor.core.places import encoded
from supervisor.core.runners import GENERIC, RunnerProfile
from supervisor.core.wish import DOCKER
from supervisor.ports import ConfigError

HOME = ".overnight"
"""The directory beside a batch file in which its state is kept."""
ONE_LINER = "batch.yaml"
"""The batch file of a one-liner, in its own state directory."""
_STORED = ("PATH", "VIRTUAL_ENV", "CONDA_PREFIX")


def load(
    path: Path, *, env: Mapping[str, str], now: float, state_root: Path | None = None
) -> BatchSpec:
    """Read, check and expand the batch file at ``path``.

    ``env`` is the environment the tasks will get; of it, names are kept and few values. ``now`` (Unix
    seconds) is what ``at: 06:00`` counts from. ``state_root`` takes the place of ``.overnight``.

    Raises:
        ConfigError: with every fault of the file.
    """
    where = path.parent.resolve() / path.name
    document = read(_text(path), str(path))
    problems = Problems(document)
    keys = validated(document.value, problems)
    build = _Build(keys=keys, path=where, problems=problems, now=now)
    spec = build.spec(env, state_root)
    problems.check()
    _refuse_other_source(spec)
    return spec


def state_directory(path: Path, batch: str, state_root: Path | None = None) -> Path:
    """Return the state directory of ``batch``; a batch file that lies in it belongs to it."""
    if state_root is None and path.parent.parent.name == HOME:
        return path.parent
    return (state_root or path.parent / HOME) / encoded(batch)


def next_at(clock: tuple[int, int], zone: str | None, now: float) -> float:
    """Return the Unix time of the next ``(hour, minute)`` after ``now``; None: the machine's zone."""
    # Without a zone it stays naive: then Python takes each day's own offset of the machine.
    here = datetime.fromtimestamp(now, ZoneInfo(zone) if zone else None)
    today = here.replace(hour=clock[0], minute=clock[1], second=0, microsecond=0)
    moment = today.timestamp()
    return moment if moment > now else (today + timedelta(days=1)).timestamp()


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ConfigError([f"{path}: cannot read it: {error.strerror}"]) from error
    except UnicodeDecodeError as error:
        raise ConfigError(
            [f"{path}: is not UTF-8 text: {error.reason} at {error.start}"]
        ) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class _Build:
    keys: BatchKeys
    path: Path
    problems: Problems
    now: float

    def spec(self, env: Mapping[str, str], state_root: Path | None) -> BatchSpec:
        batch = self.keys.batch or slug(self.path.stem)
        groups = self._groups(batch)
        profiles = load_profiles(folders("configs/runners", env))
        expansion = Expansion(self.problems, profiles)
        for name, (loc, keys) in groups.items():
            expansion.add_group(keys, self._place(name, loc))
        for name, (_, keys) in groups.items():
            check_policies(self.keys, name, keys, expansion.tasks.values(), self.problems)
        tasks = resolved(list(expansion.tasks.values()), groups, expansion.made_at, self.problems)
        own = batch_rules(self.keys.rules or (), self.path.parent, self.problems)
        rules = (*user_rules(env), *own)
        bash = shutil.which("bash", path=env.get("PATH"))
        return BatchSpec(
            name=batch,
            directory=str(state_directory(self.path, batch, state_root)),
            source=str(self.path),
            timezone=self.keys.timezone,
            parallel=self.keys.parallel[1] if self.keys.parallel else None,
            disk_floor_bytes=self.keys.disk_floor or 0,
            hours=self._hours(),
            shell=(bash or "/bin/sh", "-c"),
            env_names=captured(env),
            env_stored=MappingProxyType({name: env[name] for name in _STORED if name in env}),
            groups=tuple(self._group(name, keys) for name, (_, keys) in groups.items()),
            limits=self._limits(tasks, expansion),
            tasks=tuple(tasks),
            profiles=_used(profiles, tasks),
            rules=rules,
            notify=self.keys.notify.notify() if self.keys.notify else None,
            inputs=self._inputs(expansion, rules),
        )

    def _inputs(self, expansion: Expansion, rules: tuple[OwnRule, ...]) -> tuple[str, ...]:
        packs = [rule.where.rpartition(":")[0] for rule in rules]
        paths = dict.fromkeys(os.path.abspath(path) for path in (*expansion.read, *packs))  # noqa: PTH100 - links stay
        return tuple(path for path in paths if path != str(self.path))

    def _hours(self) -> Hours | None:
        if self.keys.hours is None:
            return None
        opens, closes = self.keys.hours
        offsets = zone_offsets(self.keys.timezone, self.now)
        return Hours(opens=opens, closes=closes, offsets=offsets)

    def _groups(self, batch: str) -> dict[GroupId, tuple[Loc, GroupKeys]]:
        top = self.keys
        short = {"run": top.run, "for": top.for_, "except": top.except_, "id": top.id}
        if top.groups is None:
            if top.run is None and top.tasks is None:
                self.problems.suspect((), "nothing to run: give it run, tasks or groups")
                return {}
            return {GroupId(batch): ((), top)}
        for key in ("for", "except", "id", "tasks"):
            if short.get(key, top.tasks) is not None:
                self.problems.add((key,), "stands beside groups; put it into one of them")
        if not top.groups:
            self.problems.suspect(("groups",), "has no groups")
        return {
            GroupId(name): (("groups", name), merged(top, keys))
            for name, keys in top.groups.items()
        }

    def _place(self, group: GroupId, loc: Loc) -> Place:
        return Place(
            group=group,
            loc=loc,
            directory=self.path.parent,
            not_before=lambda clock: next_at(clock, self.keys.timezone, self.now),
        )

    def _group(self, name: GroupId, keys: GroupKeys) -> GroupSpec:
        default = GroupSpec(name=name)
        least, most = keys.parallel or (default.parallel, default.parallel)
        if keys.auto_parallel and least == most:
            least = 1
        low, high = keys.stagger or (0.0, 0.0)
        retry = keys.retry.policy() if keys.retry else default.retry
        return GroupSpec(
            name=name,
            parallel=most,
            parallel_least=least if least < most else None,
            auto_parallel=keys.auto_parallel or False,
            inner=keys.inner.policy() if keys.inner else None,
            order=keys.order or 0,
            stagger_low_s=low,
            stagger_high_s=high,
            retry=retry,
            timeout=keys.timeout.policy() if keys.timeout else default.timeout,
            breaker=keys.breaker.policy() if keys.breaker else default.breaker,
            stall=keys.stall.policy() if keys.stall else default.stall,
            give_up=keys.give_up.policy() if keys.give_up else default.give_up,
            degrade=keys.degrade.policy() if keys.degrade else None,
            **by_class(keys.errors or {}, retry),
            success_exit=keys.success.exit if keys.success else None,
            success_files=keys.success.files if keys.success else None,
            success_markers=keys.success.markers if keys.success else None,
            progress=keys.progress,
            failed_file=self._absolute(keys.failed_file, keys.cwd),
            leave_leftovers=keys.leftovers == "leave",
            containers=keys.containers.rules() if keys.containers else None,
        )

    def _absolute(self, file: str | None, cwd: str | None) -> str | None:
        if file is None:
            return None
        base = self.path.parent / Path(cwd).expanduser() if cwd and "{" not in cwd else None
        return str((base or self.path.parent) / Path(file).expanduser())

    def _limits(self, tasks: list[TaskSpec], expansion: Expansion) -> tuple[LimitSpec, ...]:
        declared: Mapping[str, LimitKeys] = self.keys.limits or {}
        specs = {LimitId(name): _limit(name, keys) for name, keys in declared.items()}
        for task in tasks:
            for name in task.limits:
                if name not in specs:
                    if name != DOCKER:
                        self._check_limit(name, task, expansion.made_at[task.id])
                    specs[name] = LimitSpec(name=name)
        return tuple(specs.values())

    def _check_limit(self, name: LimitId, task: TaskSpec, made_at: Loc) -> None:
        """Refuse what is no name, and what looks like a limit that was declared."""
        near = nearest(name, self.keys.limits or {})
        from_values = any(value and value in name for value in task.params.values())
        if near and not from_values and str(name) != task.group:
            text = f"{name!r} is not under limits{near} (else declare it there: {name}: {{}})"
            self.problems.suspect((*made_at, "limit"), text)
        try:
            scalars.name(name)
        except ValueError as error:
            self.problems.suspect((*made_at, "limit"), str(error))


def _used(
    profiles: Mapping[str, RunnerProfile], tasks: list[TaskSpec]
) -> tuple[RunnerProfile, ...]:
    names = {task.profile for task in tasks}
    plain = RunnerProfile(name=GENERIC)
    return tuple(one for one in profiles.values() if one.name in names and one != plain)


def _limit(name: str, keys: LimitKeys) -> LimitSpec:
    return LimitSpec(
        name=LimitId(name),
        refresh=keys.refresh.command() if keys.refresh else None,
        preflight=keys.preflight.command() if keys.preflight else None,
        pace_s=keys.pace or 0.0,
    )


def _refuse_other_source(spec: BatchSpec) -> None:
    """Refuse a second batch file of the same name; one renamed or saved from a one-liner goes on."""
    for record in ("engine.json", "launch.json"):
        other = _recorded_source(Path(spec.directory) / record)
        if other is None or other in (spec.source, f"{spec.directory}/{ONE_LINER}"):
            continue
        if Path(other).exists():
            raise ConfigError(
                [
                    f"{spec.source}: the batch {spec.name!r} in {spec.directory} belongs to"
                    f" {other}; give one of the two another name with `batch:`"
                ]
            )


def _recorded_source(record: Path) -> str | None:
    try:
        document: Any = json.loads(record.read_bytes())
        source = document.get("spec", document)["source"]
    except (OSError, ValueError, LookupError, AttributeError, TypeError):
        # Nothing was ever started there, or it was cut short: then nothing is claimed.
        return None
    return str(source)
