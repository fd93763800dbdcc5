from supervisor.tui.keymap import DEFAULT
from supervisor.tui.settings import Settings


def test_who_chose_nothing_gets_the_registry_and_is_not_remembered() -> None:
    settings = Settings()
    settings.remember("theme", "day")
    assert settings.log_fault("told") == ""
    assert settings.keymap is DEFAULT
    assert not settings.newcomer
