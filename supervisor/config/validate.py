"""Turns a parsed document into ``BatchKeys``, and pydantic's errors into our own words."""

from typing import Any, cast, get_args, get_origin

from pydantic import BaseModel, ValidationError

from supervisor.config.policies import Keys
from supervisor.config.problems import Problems, nearest
from supervisor.config.schema import BatchKeys, GroupKeys, TaskKeys
from supervisor.config.source import Loc, Plain

_WANTED = {
    "model_type": "keys",
    "dict_type": "keys",
    "list_type": "a list",
    "tuple_type": "a list",
}


def validated(value: Plain | None, problems: Problems) -> BatchKeys:
    """Return the keys of a document; what is wrong goes to ``problems`` and is left out."""
    if not isinstance(value, dict):
        problems.add((), f"expected keys such as run or groups, found {_found(value)}")
        return BatchKeys.model_validate({})
    while True:
        try:
            return BatchKeys.model_validate(value)
        except ValidationError as error:
            for fault in error.errors(include_url=False):
                _note(cast("dict[str, Any]", fault), problems)
            places = {_to_key(value, _place(fault["loc"])) for fault in error.errors()}
            value = cast("dict[str, Plain]", _pruned(value, places))


def _place(loc: tuple[str | int, ...]) -> Loc:
    """Return a pydantic location as a place in the document: without tags of unions and keys."""
    return tuple(part for part in loc if part not in ("(list)", "(source)", "[key]"))


def _note(fault: dict[str, Any], problems: Problems) -> None:
    loc = _place(fault["loc"])
    kind = str(fault["type"])
    if kind == "extra_forbidden":
        message = _unknown_key(loc)
    elif kind == "missing":
        message = "is missing"
    elif kind in _WANTED:
        message = f"expected {_WANTED[kind]}, found {_found(fault['input'])}"
    else:
        message = str(fault.get("ctx", {}).get("error", fault["msg"]))
    problems.spoil(loc, message)


def _found(value: object) -> str:
    if isinstance(value, str):
        return repr(value) if value else "nothing"
    return "nothing" if value is None else "a list" if isinstance(value, list) else "keys"


def _unknown_key(loc: Loc) -> str:
    key, model = str(loc[-1]), _model_at(loc[:-1])
    fields = _annotations(model)
    if model is TaskKeys and key in _annotations(GroupKeys):
        return "unknown key here: it belongs to the group, not to a single task"
    if model in (TaskKeys, GroupKeys) and key in _annotations(BatchKeys):
        return "unknown key here: it belongs at the top of the file"
    near = nearest(key, fields)
    return f"unknown key{near}" if near else f"unknown key; known are {', '.join(sorted(fields))}"


def _model_at(loc: Loc) -> type[Keys]:
    """Return which keys a place in the document may have."""
    model: type[Keys] = BatchKeys
    parts = iter(loc)
    for part in parts:
        annotation = _annotations(model).get(str(part))
        kinds = _models_in(annotation)
        if kinds:
            model = kinds[0]
            if _has_free_keys(annotation):
                next(parts, None)
    return model


def _annotations(model: type[BaseModel]) -> dict[str, Any]:
    fields = model.model_fields.items()
    return {field.alias or name: field.annotation for name, field in fields}


def _models_in(annotation: Any) -> list[type[Keys]]:
    if isinstance(annotation, type) and issubclass(annotation, Keys):
        return [annotation]
    return [kind for inner in get_args(annotation) for kind in _models_in(inner)]


def _has_free_keys(annotation: Any) -> bool:
    return get_origin(annotation) is dict or any(map(_has_free_keys, get_args(annotation)))


def _to_key(value: Plain, place: Loc) -> Loc:
    """Return ``place`` cut back to a key that is there; list items cannot be left out alone."""
    deepest: Loc = ()
    here: Any = value
    for at, part in enumerate(place):
        if isinstance(part, str) and isinstance(here, dict) and part in here:
            deepest = place[: at + 1]
        here = _child(here, part)
    return deepest


def _child(parent: Any, part: str | int) -> Any:
    try:
        return parent[part]
    except (LookupError, TypeError):
        return None


def _pruned(value: Plain, places: set[Loc], here: Loc = ()) -> Plain:
    if isinstance(value, dict):
        return {
            key: _pruned(item, places, (*here, key))
            for key, item in value.items()
            if (*here, key) not in places
        }
    if isinstance(value, list):
        return [_pruned(item, places, (*here, at)) for at, item in enumerate(value)]
    return value
