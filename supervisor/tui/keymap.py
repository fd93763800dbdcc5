"""Which keys each action has: those of the registry, unless the operator chose others."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cache, cached_property
from types import MappingProxyType

from supervisor.core.own_keys import OwnKeys
from supervisor.tui.action import Action, named
from supervisor.tui.actions import ACTIONS, here, unbound
from supervisor.tui.keys import key_name, parsed_key
from supervisor.tui.places import SCREENS


@dataclass(frozen=True, kw_only=True)
class Keymap:
    """The actions with the keys that they have now."""

    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """By action: keys as Textual names them, instead of those of the registry."""

    @cached_property
    def actions(self) -> tuple[Action, ...]:
        """Every action of the registry."""
        return tuple(replace(one, keys=self.chosen.get(one.id, one.keys)) for one in ACTIONS)

    def here(self, place: str) -> tuple[Action, ...]:
        """Return the actions that keys can mean on the screen called ``place``."""
        return here(place, self.actions)

    def key(self, action: str, *, ascii_only: bool = False) -> str:
        """Return the first key of an action (by its id) as people write it; empty if it has none."""
        keys = next((one.keys for one in self.actions if one.id == action), ())
        return key_name(keys[0], ascii_only=ascii_only) if keys else ""

    def instead_of(self, key: str) -> str:
        """Return the key, as people write it, that now does what ``key`` does by default.

        Empty if that has none any more; ``key`` itself if it never meant an action.
        """
        action = self.meant_by(key)
        return self.key(action) if action else key

    def meant_by(self, key: str) -> str:
        """Return the id of the action that has ``key`` (as people write it) by default."""
        return _by_default().get(key, "")

    def for_textual(self) -> dict[str, str]:
        """Return the changes by id of the binding, for ``App.set_keymap``."""
        by_id = {one.id: one for one in ACTIONS}
        return {
            action: ",".join(key for key in keys if key not in by_id[action].kept)
            or unbound(by_id[action])
            for action, keys in self.chosen.items()
        }


@cache
def _by_default() -> Mapping[str, str]:
    return {key_name(key): one.id for one in reversed(ACTIONS) for key in one.keys}


DEFAULT = Keymap()


def keymap_of(own: Iterable[OwnKeys]) -> tuple[Keymap, tuple[str, ...]]:
    """Return the keymap that ``own`` lines make, and what is wrong with some of them.

    A line that is wrong, or gives an action a key that means something else, changes nothing.
    """
    faults: list[str] = []
    lines: dict[str, OwnKeys] = {}
    chosen: dict[str, tuple[str, ...]] = {}
    for line in own:
        try:
            action = _action(line.action)
            keys = tuple(dict.fromkeys(_key(key, action) for key in line.keys))
            if action.id in lines:
                raise ValueError(f'"{line.action}" is named in {lines[action.id].where} already')
        except ValueError as error:
            faults.append(f"{line.where}: {error}")
        else:
            lines[action.id] = line
            chosen[action.id] = (*keys, *(key for key in action.kept if key not in keys))
    faults += _without_clashes(chosen, lines)
    return Keymap(chosen=MappingProxyType(chosen)), tuple(faults)


def _action(words: str) -> Action:
    names = {one.name: one for one in ACTIONS}
    found = names.get(named(words))
    if found is None:
        near = get_close_matches(named(words), names, n=1, cutoff=0.6)
        hint = f', did you mean "{near[0]}"?' if near else ""
        raise ValueError(f'unknown action "{words}"{hint} (`overnight keys` lists them)')
    return found


def _key(written: str, action: Action) -> str:
    key = parsed_key(written)
    keeper = next((one for one in ACTIONS if key in one.kept and one is not action), None)
    if keeper is not None:
        raise ValueError(f'"{written}" always means "{keeper.name}"')
    return key


def _without_clashes(
    chosen: dict[str, tuple[str, ...]], lines: Mapping[str, OwnKeys]
) -> Iterable[str]:
    """Take back lines, the last first, until no key means two things; say which and why."""
    faults: list[str] = []
    while (clash := _clash(Keymap(chosen=chosen).actions, tuple(chosen))) is not None:
        key, taken_back, other = clash
        del chosen[taken_back.id]
        faults.append(
            f'{lines[taken_back.id].where}: "{key_name(key)}" means "{other.name}" already; give'
            f' that another key, or this one; "{taken_back.name}" keeps its own'
        )
    return faults


def _clash(actions: Sequence[Action], chosen: Sequence[str]) -> tuple[str, Action, Action] | None:
    """Return a key that means two things on a screen, the action chosen last, and the other."""
    for place in SCREENS:
        meanings: dict[str, Action] = {}
        for action in here(place.name, actions):
            for key in action.keys:
                other = meanings.setdefault(key, action)
                if other is not action:
                    first, last = sorted(
                        (other, action),
                        key=lambda one: chosen.index(one.id) if one.id in chosen else -1,
                    )
                    return key, last, first
    return None
