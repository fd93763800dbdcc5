"""``overnight save FILE``: makes an ordinary batch file of a one-liner's."""

from pathlib import Path

from supervisor.cli.batches import chosen
from supervisor.cli.words import Args, CommandError
from supervisor.config.load import ONE_LINER
from supervisor.config.oneline import exported


def run(args: Args) -> int:
    """Write the batch file of the chosen one-liner batch to FILE.

    Raises:
        CommandError: there is no such batch, it has a file already, or FILE cannot be written.
    """
    if len(args.words) != 1:
        raise CommandError("save to which file? overnight save FILE")
    target = Path(args.words[0])
    batch = chosen(args, reads=True)
    source = Path(batch.source)
    if source.name != ONE_LINER or source.parent != Path(batch.directory):
        raise CommandError(f"{batch.batch} has a batch file of its own already: {source}")
    text = exported(source, target.parent.resolve())
    try:
        with target.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise CommandError(f"{target} exists; name another file") from error
    except OSError as error:
        raise CommandError(f"{target}: cannot write it: {error.strerror}") from error
    print(f"wrote {target}; from now on: overnight run {target}")
    return 0
