"""``overnight`` alone: back to the running batch, or the first lines to know."""

from supervisor.cli.batches import known
from supervisor.cli.words import Args

FIRST_CONTACT = """\
overnight run -j8 -- python eval.py --id {} ::: a b c        # or :::: ids.txt
overnight run -j8 cmds.txt                                   # one command a line, or - for stdin
overnight run -- python train.py                             # one supervised, resumable command
overnight run night.yaml                                     # a batch file; overnight init writes one
overnight add -g evals --after T --at 06:00 -- CMD           # into the running batch
overnight                                                    # back to the running batch
overnight demo                                               # a made-up night in a minute
overnight --help                                             # everything else"""


def run(args: Args) -> int:
    """Attach to the batch that runs; with none, print the lines above."""
    if not any(entry.running for entry in known()):
        print(FIRST_CONTACT)
        return 0
    from supervisor.cli.attach import run as attach
    from supervisor.cli.slow import guarded

    return guarded(lambda: attach(args))
