import re
from pathlib import Path

import pytest
from textual.color import Color

from supervisor.tui.theme import (
    BASE,
    TOKENS,
    ThemeError,
    first_theme,
    textual_theme,
    theme_spec,
    token_defaults,
)
from tests.tui.scene import THEMES

SOURCES = Path(__file__).parents[2] / "supervisor" / "tui"


def test_the_promised_themes_exist() -> None:
    assert {"night", "day", "contrast", "ansi-16"} <= set(THEMES)
    assert not THEMES["day"].dark
    assert THEMES["ansi-16"].ansi


@pytest.mark.parametrize("name", THEMES)
def test_every_token_has_a_color(name: str) -> None:
    theme = textual_theme(THEMES[name])
    values = {**token_defaults(theme), **theme.variables}
    for token in TOKENS:
        Color.parse(values[token])


def test_tokens_have_defaults_where_a_theme_says_nothing() -> None:
    spec = theme_spec("bare", {"colors": {"primary": "#5fafff"}})
    defaults = token_defaults(textual_theme(spec))
    assert set(TOKENS) <= set(defaults)


@pytest.mark.parametrize("name", [name for name, spec in THEMES.items() if not spec.ansi])
def test_text_can_be_read(name: str) -> None:
    theme = textual_theme(THEMES[name])
    values = {**theme.to_color_system().generate(), **theme.variables}
    least = 7.0 if name == "contrast" else 4.5
    background = Color.parse(values["background"])
    words = ("foreground", "dim", "key", "error", "warning", "success")
    for token in (*words, *(token for token in TOKENS if token.startswith("task-"))):
        assert _contrast(Color.parse(values[token]), background) >= least, token
    for under in ("cursor", "cursor-blurred"):
        on_row = _contrast(Color.parse(values["foreground"]), Color.parse(values[under]))
        assert on_row >= least, under
    assert _contrast(Color.parse(values["alarm-text"]), Color.parse(values["alarm"])) >= least


def _contrast(one: Color, other: Color) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: Color) -> float:
    parts = [part / 255 for part in color.rgb]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(
    ("document", "place", "words"),
    [
        ({"colors": {"primary": "red", "purple": "x"}}, ("colors", "purple"), "unknown"),
        (
            {"colors": {"primary": "red"}, "tokens": {"task-runing": "red"}},
            ("tokens", "task-runing"),
            'did you mean "task-running"',
        ),
        ({"colours": {}}, ("colours",), 'did you mean "colors"'),
        ({"colors": {}}, ("colors",), "primary is missing"),
        ({"colors": ["red"]}, ("colors",), "maps names to colours"),
        ({"colors": {"primary": "bleu"}}, ("colors", "primary"), '"bleu" is no colour'),
        ({"colors": {"primary": "#12345g"}}, ("colors", "primary"), "such as"),
        ({"dark": "maybe", "colors": {"primary": "red"}}, ("dark",), "true or false"),
    ],
)
def test_a_theme_that_is_wrong_says_where(
    document: dict[str, object], place: tuple[str, ...], words: str
) -> None:
    with pytest.raises(ThemeError, match=words) as caught:
        theme_spec("mine", document)
    assert caught.value.place == place


def test_flags_are_read_from_text_too() -> None:
    spec = theme_spec("mine", {"dark": "false", "ansi": "true", "colors": {"primary": "red"}})
    assert (spec.dark, spec.ansi) == (False, True)


def test_styles_name_no_color() -> None:
    literal = re.compile(r"#[0-9a-fA-F]{3,8}\b(?!\s*\{)|rgb\(")
    for path in [*SOURCES.rglob("*.tcss"), *SOURCES.rglob("*.py")]:
        text = re.sub(
            r"#(?:groups|tasks|log|head|keys|lists|body|notices|box|text|line)\b",
            "",
            path.read_text(),
        )
        assert not literal.search(text), path.name


def test_the_first_theme_is_the_wanted_one_unless_it_may_not_color() -> None:
    assert first_theme(THEMES, "day", no_color=False) == "day"
    assert first_theme(THEMES, "none such", no_color=False) is None
    assert first_theme(THEMES, "day", no_color=True) == "ansi-16"
    assert first_theme({"day": THEMES["day"]}, "day", no_color=True) == "day"


def test_base_names_are_those_of_textual() -> None:
    theme = textual_theme(theme_spec("all", {"colors": dict.fromkeys(BASE, "#5fafff")}))
    assert all(getattr(theme, name) == "#5fafff" for name in BASE)
