"""The one table of commands: dispatch, help and shell completion are made from it."""

from supervisor.cli.command import DRY, JSON, YES, Command
from supervisor.cli.container_commands import CONTAINERS, KILL_CONTAINER, SWEEP, WATCH
from supervisor.cli.words import Flag

_RUN = (
    Flag("headless", "plain progress lines, no screen"),
    Flag("detach", "start the engine and return at once", letter="d"),
    Flag("fresh", "move the old state aside and begin anew"),
    Flag("retry-errors", "run failed and aborted tasks again too"),
    Flag("force", "with --filter: run even what succeeded"),
    Flag("filter", "only tasks whose group/id matches", value="GLOB"),
    Flag("parallel", "run at most N tasks at once", letter="j", value="N"),
    Flag(
        "max-wait", "headless: give up when nothing can run for so long (default 48h)", value="48h"
    ),
    Flag("dry-run", "list what would run, and why not"),
    Flag("keep", "count finished tasks as done although their command changed"),
    Flag("ignore-needs", "do not wait for what a task needs"),
    Flag("with-dependents", "run what needs these tasks too, and what is stale"),
    Flag("moved", "the state directory was moved here"),
    Flag("copied", "the state directory is a copy; the first one lives on"),
    Flag("service", "run under systemd, so that logout and reboot end nothing"),
    Flag("name", "name of the batch made from a command", value="NAME"),
    Flag("missing-env-ok", "go on although names of the first environment are not set now"),
    YES,
    Flag("sample", "a smoke run: so many tasks by lot, until the first failure", value="1%"),
    Flag("until", "launch until then, then wait for what runs and end", value="07:30"),
    Flag("fail-fast", "the first failed task ends the batch; what runs, runs on"),
)

COMMANDS = (
    Command(
        "run",
        "FILE | [-j N] -- COMMAND [::: ARGS] | [-j N] COMMANDS.txt",
        "start or resume a batch",
        *_RUN,
        batch=False,
        about="""\
FILE is a batch file (YAML), or a text file with one command a line (- reads them from stdin).
  overnight run night.yaml
  overnight run -j8 -- python eval.py --id {} ::: a b c
  overnight run -j8 -- python eval.py --id {} :::: ids.txt
  overnight run -- python train.py
Finished tasks are skipped, failed and aborted ones too unless --retry-errors.
Exit codes of --headless and wait: 0 all succeeded, 1 something failed, 2 not finished because of a
limit, 130 interrupted.""",
        most=None,
    ),
    Command(
        "attach",
        "[BATCH] [--read-only]",
        "open the screen of a running batch",
        Flag("read-only", "look only; no key changes anything"),
        most=1,
    ),
    Command("ls", "", "list the batches of this machine", reads=True, quick=True, batch=False),
    Command(
        "wait",
        "[BATCH]",
        "block until the batch ends; exit with its result",
        reads=True,
        quick=True,
        most=1,
    ),
    Command(
        "status", "[BATCH]", "what runs, what waits, what needs you", reads=True, quick=True, most=1
    ),
    Command(
        "failed",
        "[--class CLASS]",
        "list what failed, and why",
        Flag("class", "only this error class", value="CLASS"),
        reads=True,
        quick=True,
        most=1,
    ),
    Command(
        "why",
        "TASK",
        "explain what a task waits for and what was decided",
        reads=True,
        quick=True,
        most=1,
    ),
    Command(
        "logs",
        "TASK [-f] [--attempt N] [--stderr]",
        "print a task's log",
        Flag("follow", "go on printing what is appended", letter="f"),
        Flag("attempt", "of this attempt; default: the newest", value="N"),
        Flag("stdout", "only stdout"),
        Flag("stderr", "only stderr"),
        Flag("lines", "only the last N lines", letter="n", value="N"),
        Flag("raw", "as it was written: control sequences and secrets too"),
        reads=True,
        quick=True,
        most=1,
    ),
    CONTAINERS,
    Command(
        "report",
        "[BATCH] [--html]",
        "write the morning report",
        Flag("html", "as HTML"),
        reads=True,
        most=1,
    ),
    Command("pause", "[GROUP]", "stop launching; what runs, runs on", module="control", most=1),
    Command(
        "resume",
        "[NAME]",
        "go on launching; NAME is a group, limit, task or gpu1",
        module="control",
        most=1,
    ),
    Command("release", "LIMIT", "release a held limit", module="control", most=1),
    Command(
        "freeze", "[GROUP|TASK]…", "stop running processes in mid-run", module="control", most=None
    ),
    Command("thaw", "[GROUP|TASK]…", "let frozen processes run on", module="control", most=None),
    Command(
        "parallel",
        "[GROUP] N | GROUP KNOB=N | GROUP auto | --advice [GROUP]",
        "change how many run at once; auto: as limits allow",
        Flag("advice", "take the advised numbers"),
        Flag("yes", "restart running attempts that learn of it in no other way", letter="y"),
        Flag("dry-run", "tell only what would be restarted, or is advised"),
        orders=True,
        most=2,
    ),
    Command("refresh", "LIMIT", "run a limit's refresh command now", module="control", most=1),
    Command("reload", "[FILE]", "apply an edited batch file", YES, DRY, orders=True, most=1),
    Command(
        "add",
        "[-g GROUP] [--after TASK] [--at 06:00] -- COMMAND",
        "add a task to the running batch",
        Flag("group", "its group; made if need be", letter="g", value="GROUP"),
        Flag("id", "its name in the group", value="ID"),
        Flag("after", "only after this task or group", value="TASK", many=True),
        Flag("at", "not before this time", value="06:00"),
        Flag("parallel", "how many of a new group run at once", letter="j", value="N"),
        Flag("detach", "when a batch is started: return at once", letter="d"),
        orders=True,
        most=None,
    ),
    Command(
        "edit",
        "TASK [-- COMMAND] | TASK… --set KNOB=N",
        "change the command, or the knob, of tasks that do not run",
        Flag(
            "set", "begin elsewhere on the ladder of degrade; TASK may be a group", value="KNOB=N"
        ),
        orders=True,
        most=None,
    ),
    Command(
        "first", "TASK…", "move waiting tasks to the head of the queue", module="control", most=None
    ),
    Command(
        "kill",
        "TASK…",
        "end running attempts; the tasks run again",
        YES,
        DRY,
        module="control",
        most=None,
    ),
    Command("cancel", "TASK…", "end tasks for good", YES, DRY, module="control", most=None),
    Command(
        "retry",
        "[TASK…] [--failed] [--class CLASS]",
        "run failed tasks again with a new budget",
        Flag("failed", "every failed or aborted task"),
        Flag("class", "every failed task of this class", value="CLASS"),
        Flag("with-dependents", "what succeeded on what they left, too"),
        DRY,
        module="control",
        most=None,
    ),
    KILL_CONTAINER,
    SWEEP,
    WATCH,
    Command(
        "stop",
        "[BATCH] [--drain|--leave-running]",
        "end the engine; tasks resume later",
        Flag("drain", "wait for what runs"),
        Flag("leave-running", "leave what runs; the next run adopts it"),
        YES,
        DRY,
        orders=True,
        most=1,
    ),
    Command(
        "check",
        "FILE [--json]",
        "check a batch file and show what it means",
        JSON,
        batch=False,
        most=1,
    ),
    Command("init", "[FILE]", "write a starter batch file", YES, batch=False, most=1),
    Command("schema", "", "print the JSON Schema of the batch file", batch=False),
    Command("keys", "", "print the keys of the screen, as a file to change them", batch=False),
    Command("doctor", "", "check this machine, with the cure for what is wrong", batch=False),
    Command(
        "scan",
        "[FILE|-] [--live] [--explain]",
        "show what the detector makes of a log",
        Flag("explain", "every line that may explain it, its points, why it won or lost"),
        Flag("live", "judge as output of a task still running"),
        Flag("jsonl", 'lines {"id", "text"} in, one verdict a line out', value="FILE"),
        Flag("now", "the time that waits count from (default: the file's)", value="ISO"),
        Flag("tz", "zone of times without one (default: the machine's)", value="ZONE"),
        JSON,
        batch=False,
        most=1,
        about="""\
FILE is judged as the end of the stderr of an attempt that failed. For all attempts of a batch:
  overnight rules coverage .overnight/NAME""",
    ),
    Command(
        "rules",
        "[list|show ID|test [TEXT]|coverage DIR]",
        "list, show and test the detection rules",
        Flag("yaml", "coverage: print only the start of new rules"),
        Flag("tz", "test: zone of times without one", value="ZONE"),
        reads=True,
        batch=False,
        most=2,
        about="""\
  overnight rules show http.401            what it looks for, with its samples
  overnight rules test                     do all samples hold? exit 1 if not
  overnight rules test 'Error: 429 …'      what the rules make of a line; exit 1 if none explains it
  overnight rules coverage .overnight/NAME failed attempts that no rule explains, alike ones together
Rules of your own go into ~/.config/overnight/rules/*.yaml.""",
    ),
    Command("notify", "--test", "send a test notification", Flag("test", "send it")),
    Command(
        "clean",
        "--older 30d [--dry-run]",
        "remove logs of finished batches",
        Flag("older", "only of batches that ended so long ago", value="30d"),
        YES,
        DRY,
    ),
    Command("save", "FILE", "write the batch of a one-liner to a file", most=1),
    Command(
        "demo",
        "[--headless]",
        "run a made-up night of about a minute",
        Flag("headless", "plain progress lines, no screen"),
        Flag("fast", "a few seconds"),
        Flag("docker", "the night with containers"),
        Flag("dir", "where to put it", value="DIR"),
        batch=False,
    ),
    Command(
        "kit",
        "--copy DIR",
        "copy what runner scripts may import, as a package that needs nothing else",
        Flag("copy", "where to", value="DIR"),
        batch=False,
        about="""\
DIR/overnight_kit is the same code as supervisor.kit, needs Python 3.11 and nothing else, and is not
overwritten where you changed it. In your runner: import overnight_kit as kit""",
    ),
    Command("completion", "bash|zsh|fish", "print a shell completion script", batch=False, most=1),
)
"""In the order of the help page."""

BY_NAME = {command.name: command for command in COMMANDS}
