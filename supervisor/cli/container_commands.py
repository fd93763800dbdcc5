"""The commands about containers and about runs that somebody else started; see ``commands``."""

from supervisor.cli.command import DRY, JSON, YES, Command
from supervisor.cli.words import Flag

CONTAINERS = Command(
    "containers",
    "[--machine] [--json]",
    "who works, idles or is dead; without a batch: all of this machine",
    Flag("machine", "every container of this machine, whatever batch runs"),
    reads=True,
)

KILL_CONTAINER = Command(
    "kill-container",
    "NAME… | --dead",
    "save what explains containers, then stop, kill, remove them",
    Flag("dead", "every one of this batch whose work is dead"),
    Flag("unowned", "also one that nothing proves to be of this batch; its whole name"),
    Flag("why", "why, for the timeline", value="TEXT"),
    YES,
    DRY,
    module="kill_container",
    most=None,
    about="""\
NAME is a name, the start of an id, or a glob. Error files, last output and inspection of each are
saved beside its attempt's logs first; then: stop (15 s), kill (10 s), remove (10 s).""",
)

SWEEP = Command(
    "sweep",
    "[--dry-run] [--json]",
    "remove what finished attempts left with Docker",
    YES,
    DRY,
    JSON,
    about="""\
Lists containers (created and exited ones too), networks and volumes that are proved to be of this
batch and of no running attempt, with what Docker's disk holds; then asks, and removes just these.""",
)

WATCH = Command(
    "watch",
    "--pid N [--log FILE] [--containers GLOB]",
    "take in a run already going",
    Flag("pid", "its process", value="N"),
    Flag("log", "its log", value="FILE", many=True),
    Flag("containers", "its containers", value="GLOB"),
    Flag("headless", "plain progress lines, no screen"),
    Flag("detach", "start the engine and return at once", letter="d"),
    batch=False,
    about="""\
The run goes on whatever becomes of the batch: stop and kill end the watching only. Its logs are read from now
on, GLOB is shown as `containers:` of a batch file is, and from Linux 6.15 on its exit code is known.""",
)
