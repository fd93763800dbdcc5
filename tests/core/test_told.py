from supervisor.core.told import BadItem, Told, Wait, lines, note, usage, waits

NOW = 1_000.0
WAIT = Wait(until=NOW + 90, why="429", error_class="rate_limit")


def test_the_note_says_what_matters_now() -> None:
    assert note(Told(), NOW) == ""
    assert note(Told(item="q4"), NOW) == "at q4"
    assert note(Told(item="q4", done=7, errors=1), NOW) == "at q4, 7 done, 1 item failed"
    assert note(Told(item="q4", wait=WAIT), NOW) == "waits for a limit, 1m30s more"
    assert note(Told(item="q4", wait=WAIT), NOW + 91) == "at q4"


def test_silence_means_nothing_while_it_waits() -> None:
    assert waits(Told(wait=WAIT), NOW)
    assert not waits(Told(wait=WAIT), NOW + 90)
    assert not waits(Told(), NOW)
    assert not waits(None, NOW)


def test_all_of_it_in_sentences() -> None:
    told = Told(
        item="q4",
        errors=3,
        failed=(BadItem(id="q1", error_class="timeout", text="late"),),
        wait=WAIT,
        requests=12,
        tokens_in=12_000,
        tokens_out=800,
        cost=1.25,
        malformed=2,
    )
    assert lines(told, NOW) == (
        "It is at q4.",
        "It waits for a limit by itself, 1m30s more: 429.",
        "It has used 12 requests, 12,000 tokens in, 800 out, $1.25.",
        "3 items inside it failed:",
        "- q1: timeout: late",
        "- and 2 more",
        "2 marks of it could not be read.",
    )
    assert lines(Told(errors=2), NOW) == ("2 items inside it failed.",)
    assert lines(Told(), NOW) == ()
    assert usage(Told(tokens_out=5)) == "0 tokens in, 5 out"
