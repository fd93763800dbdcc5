"""``overnight completion SHELL``: completion scripts, made from the command table."""

from supervisor.cli.command import Command
from supervisor.cli.commands import COMMANDS
from supervisor.cli.words import Args, CommandError


def run(args: Args) -> int:
    """Print the script for one shell.

    Raises:
        CommandError: a shell that we do not know.
    """
    scripts = {"bash": bash, "zsh": zsh, "fish": fish}
    shell = args.first()
    if shell not in scripts:
        raise CommandError(f"completion for which shell? {', '.join(scripts)}")
    print(scripts[shell]())
    return 0


def bash() -> str:
    """Return the script for ``source <(overnight completion bash)``."""
    names = " ".join(command.name for command in COMMANDS)
    cases = "\n".join(
        f'    {command.name}) words="{" ".join(_flags(command))}" ;;' for command in COMMANDS
    )
    return f"""\
_overnight() {{
  local current="${{COMP_WORDS[COMP_CWORD]}}" words=""
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "{names} --help --version" -- "$current"))
    return
  fi
  case "${{COMP_WORDS[1]}}" in
{cases}
  esac
  case "$current" in
    -*) COMPREPLY=($(compgen -W "$words --help" -- "$current")) ;;
    *) COMPREPLY=($(compgen -f -- "$current")) ;;
  esac
}}
complete -o filenames -F _overnight overnight"""


def zsh() -> str:
    """Return the script for ``source <(overnight completion zsh)``."""
    names = "\n".join(f"    '{command.name}:{_plain(command.help)}'" for command in COMMANDS)
    cases = "\n".join(_zsh_case(command) for command in COMMANDS)
    return f"""\
#compdef overnight
_overnight() {{
  local -a commands
  commands=(
{names}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  case "$words[2]" in
{cases}
    *) _files ;;
  esac
}}
compdef _overnight overnight"""


def _zsh_case(command: Command) -> str:
    specs = " ".join(
        f"'--{flag.name}[{_plain(flag.help)}]{':' + flag.value + ':_files' if flag.value else ''}'"
        for flag in command.flags
    )
    return f"    {command.name}) _arguments {specs} '*:file:_files' ;;"


def fish() -> str:
    """Return the script for ``overnight completion fish | source``."""
    lines: list[str] = []
    for command in COMMANDS:
        lines.append(
            f"complete -c overnight -n __fish_use_subcommand -f"
            f" -a {command.name} -d '{_plain(command.help)}'"
        )
        for flag in command.flags:
            letter = f" -s {flag.letter}" if flag.letter else ""
            value = " -r" if flag.value else ""
            lines.append(
                f"complete -c overnight -n '__fish_seen_subcommand_from {command.name}'"
                f" -l {flag.name}{letter}{value} -d '{_plain(flag.help)}'"
            )
    return "\n".join(lines)


def _flags(command: Command) -> list[str]:
    return [f"--{flag.name}" for flag in command.flags]


def _plain(text: str) -> str:
    """Return ``text`` without what would end a quoted word or a zsh spec."""
    return text.translate(str.maketrans("'[]:", "    "))
