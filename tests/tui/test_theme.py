import itertools
import math
import re
from pathlib import Path

import pytest
from textual.color import Color

from supervisor.tui.app import OvernightApp
from supervisor.tui.settings import Settings
from supervisor.tui.theme import (
    BASE,
    TOKENS,
    ThemeError,
    first_theme,
    textual_theme,
    theme_spec,
    token_defaults,
)
from tests.tui.dock import docked
from tests.tui.piloting import flying
from tests.tui.scene import THEMES
from tests.tui.screens.test_timeline import telling

SOURCES = Path(__file__).parents[2] / "supervisor" / "tui"


def test_the_promised_themes_exist() -> None:
    promised = {"night", "day", "contrast", "colorblind", "ansi-16", "dim", "classic"}
    assert promised <= set(THEMES)
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


COLORED = [name for name, spec in THEMES.items() if not spec.ansi]
DRAWN = re.compile("[\u2500-\u259f\u2800-\u28ff]|··+")
"""Lines, bars and curves; what they show is said in words beside them."""


def least(name: str) -> float:
    """Return the WCAG ratio that the text of a theme must have: AA, and AAA for high contrast."""
    return 7.0 if name == "contrast" else 4.5


@pytest.mark.parametrize("name", COLORED)
def test_every_word_can_be_read_on_every_ground(name: str) -> None:
    theme = textual_theme(THEMES[name])
    values = {**theme.to_color_system().generate(), **token_defaults(theme), **theme.variables}
    words = ["foreground", "key", "error", "warning", "success"]
    words += [token for token in TOKENS if token.startswith("task-")]
    pairs = [(word, under) for word in words for under in ("background", *GROUNDS)]
    pairs += [("dim", "background"), ("alarm-text", "alarm"), ("cursor-text", "cursor")]
    poor = [
        (word, under, round(ratio, 2))
        for word, under in pairs
        if (ratio := _contrast(Color.parse(values[word]), Color.parse(values[under]))) < least(name)
    ]
    assert poor == []


GROUNDS = ("cursor", "cursor-blurred")
PLACES = ("1", "2", "3", "4", "5", "6")
DIALOGS = (
    ("1", "K"),
    ("1", "question_mark"),
    ("1", "exclamation_mark"),
    ("1", "slash"),
    ("1", "colon", "p"),
)


@pytest.mark.parametrize("name", COLORED)
async def test_what_is_really_drawn_can_be_read(name: str) -> None:
    poor: set[tuple[str, str, float]] = set()
    fake, story = docked(), telling()
    fake.timeline = story.timeline  # type: ignore[method-assign]
    settings = Settings(newcomer=True, complaints=("x",))
    async with flying(fake, size=(120, 40), settings=settings) as flight:
        flight.app.theme = name
        for keys in (*PLACES, *DIALOGS):
            await flight.press(*keys)
            await flight.pilot.pause()
            poor |= _poor(flight.app, least(name))
            if keys in DIALOGS:
                await flight.press("escape")
    assert poor == set()


def _poor(app: OvernightApp, least: float) -> set[tuple[str, str, float]]:
    """Return text that is drawn with too little contrast."""
    found: set[tuple[str, str, float]] = set()
    for strip in app.screen._compositor.render_strips():
        for text, style, _ in strip:
            words = DRAWN.sub("", text).strip()
            if words and style is not None and style.color and style.bgcolor:
                fore, ground = (
                    Color.from_rich_color(one)
                    for one in (
                        (style.bgcolor, style.color)
                        if style.reverse
                        else (style.color, style.bgcolor)
                    )
                )
                if (ratio := _contrast(fore, ground)) < least:
                    found.add((words[:20], f"{fore.hex} on {ground.hex}", round(ratio, 2)))
    return found


def test_the_colorblind_can_tell_success_from_failure_and_from_what_needs_time() -> None:
    colors = {**THEMES["colorblind"].colors, **THEMES["colorblind"].tokens}
    told_apart = (
        "task-succeeded",
        "task-failed",
        "task-backing-off",
        "task-running",
        "task-waiting",
    )
    for kind, seen in VISION.items():
        for one, other in itertools.combinations(told_apart, 2):
            far = _distance(seen, Color.parse(colors[one]), Color.parse(colors[other]))
            assert far > 20, (kind, one, other, far)


Matrix = tuple[tuple[float, float, float], ...]
VISION: dict[str, Matrix] = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}  # fmt: skip
"""How linear light is seen: Machado, Oliveira and Fernandes 2009, severity 1.0."""


def _distance(seen: Matrix, one: Color, other: Color) -> float:
    """Return how far two colours are apart (CIE76, in CIELAB) for someone who sees so."""
    return math.dist(_lab(seen, one), _lab(seen, other))


def _lab(seen: Matrix, color: Color) -> tuple[float, float, float]:
    light = _linear(color)
    red, green, blue = (
        min(1.0, max(0.0, sum(a * b for a, b in zip(row, light, strict=True)))) for row in seen
    )
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883
    a, b, c = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in (x, y, z))
    return 116 * b - 16, 500 * (a - b), 200 * (b - c)


def test_sixteen_colors_leave_words_to_the_palette_of_the_terminal() -> None:
    spec = THEMES["ansi-16"]
    poor = re.compile("black|white|blue")
    named = [*spec.colors.values(), *spec.tokens.values()]
    assert not [color for color in named if poor.search(color)]


def _contrast(one: Color, other: Color) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: Color) -> float:
    red, green, blue = _linear(color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(color: Color) -> tuple[float, float, float]:
    red, green, blue = (
        part / 255 / 12.92 if part / 255 <= 0.03928 else ((part / 255 + 0.055) / 1.055) ** 2.4
        for part in color.rgb
    )
    return red, green, blue


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
