"""The few lines of shell between the engine and a command: claim, run, record the end.

Written for dash, bash and busybox alike. Every line is there for a reason that was measured:

- Its variables have odd names: one that the environment also has would reach the command changed.
- A handler, never ``trap ''``: what is ignored stays ignored in the command.
- The claim is created exclusively (``set -C``), and printf says when it did not fit on the disk, so
  no command runs whose process nobody can name. A shim without a claim runs nothing, exits 125.
- The command runs in the foreground of a subshell: a background job would ignore SIGINT, ``set -m``
  would record 147 for a mere stop. The subshell's own errors go to the log, the shell's remarks
  ("Terminated") nowhere.
- Only the subshell offers itself to the out-of-memory killer; the shim should outlive it.
- The record is overwritten in place: that works on a full disk, where an append does not.
"""

from collections.abc import Sequence

SCRIPT = r"""trap : TERM INT HUP QUIT
set +eu
_ovn_d=$1 _ovn_b=$2 _ovn_n=$3 _ovn_o=$4 _ovn_u=$5 _ovn_c=$6
shift 6
umask 077
set -C
exec 3>&2 2>/dev/null
read -r _ovn_s </proc/$$/stat && printf '%s %s\n' "$_ovn_b" "$_ovn_s" >"$_ovn_d/started" || exit 125
set +C
(
[ -z "$_ovn_n" ] || ulimit -Sn "$_ovn_n"
[ -z "$_ovn_o" ] || echo "$_ovn_o" >/proc/self/oom_score_adj
umask "$_ovn_u"
cd "$_ovn_c" 2>&3 || exit 126
unset OLDPWD
exec "$@" 2>&3 3>&-
)
_ovn_r=$?
printf '%-63s\n' "exit=$_ovn_r" 1<>"$_ovn_d/exit"
exit "$_ovn_r"
"""

UNCLAIMED = 125
"""What the shim exits with when it could not claim the attempt and so ran nothing."""

NAME = "overnight-shim"


def arguments(
    *,
    shell: Sequence[str],
    directory: str,
    boot_id: str,
    nofile_soft: int | None,
    oom_score_adj: int | None,
    umask: str,
    cwd: str,
    argv: Sequence[str],
) -> list[str]:
    """Return the command line that runs ``argv`` under the shim in the attempt's ``directory``."""
    return [
        *shell,
        "-c",
        SCRIPT,
        NAME,
        directory,
        boot_id,
        "" if nofile_soft is None else str(nofile_soft),
        "" if oom_score_adj is None else str(oom_score_adj),
        umask,
        cwd,
        *argv,
    ]
