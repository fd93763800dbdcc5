"""Which names a resume may ask for again."""

from supervisor.config.environment import captured


def test_keeps_what_a_task_may_need() -> None:
    names = [
        "AZURE_TOKEN",
        "CUDA_VISIBLE_DEVICES",
        "HOME",
        "LANG",
        "OPENAI_API_KEY",
        "PATH",
        "USER",
    ]
    assert captured(dict.fromkeys(names, "x")) == tuple(names)


def test_leaves_out_what_comes_and_goes_with_a_login() -> None:
    passing = [
        "_",
        "OLDPWD",
        "SHLVL",
        "SSH_TTY",
        "TMUX_PANE",
        "TERM",
        "COLUMNS",
        "XDG_RUNTIME_DIR",
        "OVERNIGHT_TASK",
    ]
    assert captured(dict.fromkeys(passing, "x")) == ()
