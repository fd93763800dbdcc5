"""How a worker ended, in words."""

from supervisor.kit.pool_outcome import ended, signal_name


def test_ends_are_told() -> None:
    assert ended(None) == ("its worker vanished", None, "")
    assert ended(0) == ("its worker exited with 0", 0, "")
    assert ended(-11) == ("its worker was ended by SIGSEGV", None, "SIGSEGV")
    assert signal_name(99) == "signal 99"
