from supervisor.core.fields import CONTAINER_FIELDS, TASK_FIELDS
from supervisor.core.query import parse
from supervisor.tui.filters import filter_help


def test_help_lists_every_field_with_the_sign_it_takes() -> None:
    for fields in (TASK_FIELDS, CONTAINER_FIELDS):
        text = filter_help(fields)
        lines = [one if isinstance(one, str) else one.text for one in text]
        for name, field in fields.by_name.items():
            line = next(
                one for one in lines if one.lstrip()[:-1].startswith(name) and field.help in one
            )
            sign = line.lstrip()[len(name)]
            value = {"text": "*", "age": "1m", "wait": "1m"}.get(field.kind, "1")
            parse(f"{name}{sign}{value}", fields)
        for example in fields.examples:
            assert f"  {example}" in lines
