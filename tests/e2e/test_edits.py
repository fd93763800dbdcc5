"""A batch file that is edited while real processes run: shown, refused with its line, applied on a word."""

from tests.e2e.night import Night, batch
from tests.support import until_sync

WAITS = "while ! [ -e go ]; do sleep 0.05; done"
FAILS = f"{WAITS}; echo 'Error: the wallet is empty' >&2; exit 1"
RULE = (
    '{id: my.wallet, class: quota, pattern: "wallet is empty", matches: ["Error: wallet is empty"]}'
)


def needs(night: Night) -> dict[str, str]:
    """What needs the operator, with the command for it."""
    return {row["why"]: row["command"] for row in night.status()["needs_you"]}


def test_an_edit_is_shown_and_applied_on_a_word(night: Night) -> None:
    night.write(batch({"g": {"a": FAILS, "b": "true"}}, top="parallel: 1"))
    night.detach()
    until_sync(lambda: night.starts() == ["g/a"])
    assert needs(night) == {}

    night.write(batch({"g": {"a": FAILS, "b": "true"}}, top="paralel: 2"))
    until_sync(lambda: needs(night))
    ((why, cure),) = needs(night).items()
    assert why.startswith('line 3: paralel: unknown key, did you mean "parallel"?')
    assert cure == f"overnight check {night.place / 'night.yaml'}"
    assert night.overnight("reload", "--yes").returncode == 1

    edited = {"g": {"a": FAILS, "b": "true", "c": "true"}}
    night.write(batch(edited, top=f"parallel: 2\nrules: [{RULE}]"))
    until_sync(lambda: "overnight reload" in needs(night).values())
    ((why, _),) = needs(night).items()
    assert "parallel: 1 → 2; rules.my.wallet: new" in why
    assert "1 task new; the batch goes on as before" in why
    assert night.starts() == ["g/a"], "nothing follows by itself"
    assert "NEEDS YOU" in night.overnight("status", code=0).stdout

    said = night.overnight("reload", "--yes", "--why", "found a rule", code=0).stdout
    assert "+ g/c: echo g/c >> starts.txt; true" in said
    until_sync(lambda: night.starts() == ["g/a", "g/b", "g/c"])
    until_sync(lambda: needs(night) == {})
    assert "nothing differs" in night.overnight("reload", "--yes", code=0).stdout

    # What ran before is judged by the new rules: the account is empty, and nothing is run again.
    (night.place / "go").touch()
    until_sync(lambda: night.phases()["g/a"] == "held")
    told = night.overnight("why", "g/a", code=0).stdout
    assert "Found by my.wallet" in told
    assert "reload batch: by" in told
    assert "(found a rule)" in told
    assert night.starts() == ["g/a", "g/b", "g/c"]


def test_values_in_other_files_belong_to_the_batch_file(night: Night) -> None:
    (night.place / "ids.txt").write_text("a\n")
    night.write(
        f"batch: night\nrun: echo {{n}} >> starts.txt; {WAITS}\nfor: {{n: {{lines: ids.txt}}}}\n"
    )
    night.detach()
    until_sync(lambda: night.starts() == ["a"])
    (night.place / "ids.txt").write_text("a\nb\n")
    until_sync(lambda: needs(night))
    assert list(needs(night)) == ["edited: 1 task new; the batch goes on as before"]
    night.overnight("reload", "--yes", code=0)
    until_sync(lambda: night.starts() == ["a", "b"])
    (night.place / "go").touch()
    night.overnight("wait", "night", code=0)
