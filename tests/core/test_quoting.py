"""Shell text stays as it was written around the values put into it."""

import pytest

from supervisor.core.quoting import insert, substitute

VALUES = {"x": "it's", "long": "L", "lon": "S"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{x}", "'it'\"'\"'s'"),
        ("'{x}'", "'it'\"'\"'s'"),
        ('"{x}"', '"it\'s"'),
        ("$'{x}'", "$'it\\'s'"),
        ("{long}{lon}{lo}", "LS{lo}"),
        ("# {x}\n{lon}", "# {x}\nS"),
        ("a#{lon}", "a#S"),
        ("`f {lon} '`'`", "`f S '`'`"),
        ("\\{x}", "\\'it'\"'\"'s'"),
        ("f <<<{x}", "f <<<'it'\"'\"'s'"),
        ("echo $((1 << 2))\n{x}", "echo $((1 << 2))\n'it'\"'\"'s'"),
        ("((y = (1 << 2)))\n{x}", "((y = (1 << 2)))\n'it'\"'\"'s'"),
        (
            '"${y:-it\'s {x} \\" "{x}" $(f {lon})}" {lon}',
            '"${y:-it\'s it"\'"s \\" "it\'s" $(f S)}" S',
        ),
        ("cat <<A <<'B'\n{x}\nA\n{x}\nB\n{x}", "cat <<A <<'B'\nit's\nA\nit's\nB\n'it'\"'\"'s'"),
        ("cat <<A\n{lon}", "cat <<A\nS"),
        ("f\\", "f\\"),
        ("'open {lon}", "'open S"),
        ("(f {lon})", "(f S)"),
        ("$( (f) {lon} ) '{x}'", "$( (f) S ) 'it'\"'\"'s'"),
        ("${a:-{lon}}", "${a:-S}"),
        ("no placeholder", "no placeholder"),
        ("< {lon}", "< S"),
        ("f << \n{lon}", "f << \nS"),
    ],
)
def test_insert(text: str, expected: str) -> None:
    assert insert(text, VALUES) == expected


def test_without_values_nothing_changes() -> None:
    assert insert("{x}", {}) == "{x}"
    assert substitute("{x}", {}) == "{x}"


def test_substitute_is_plain_and_single_pass() -> None:
    assert substitute("{a}{b}{c}", {"a": "{b}", "b": "it's"}) == "{b}it's{c}"
