"""What sort of line a text is: an exception, an error message, chatter, or words about errors."""

import re
from enum import IntEnum
from functools import lru_cache

from supervisor.core.anyof import AnyOf
from supervisor.core.prose import is_prose
from supervisor.core.quotes import (
    begins_code,
    has_source_bits,
    is_code,
    is_item,
    is_transcript,
)
from supervisor.core.runs import cut_runs

_LOOKED_AT = 1000
"""Characters of a line that decide its shape; lines of transcripts can be megabytes."""
_REMEMBERED = 2048
"""Lines whose shape is known: agents print the same files, and loops the same words, many times."""


class Shape(IntEnum):
    """How much a line says that something went wrong here; the higher the more."""

    QUOTE = 0
    """Code, a test's name, a table, a transcript, prose: proves nothing."""
    CHATTER = 1
    """A log line below the level of an error."""
    PLAIN = 2
    ERROR = 3
    """A message that calls itself an error, or an answer of a server."""
    EXCEPTION = 4


_CITED = re.compile(r"`[^`]+`")
_INDENT = 12
"""Deeper than that a line of a program is no deeper."""
_PREFIX = re.compile(
    r"""(?:
      [\s│┃║|>*+❌✗✖✘■●⎿·⚠️]+                       # boxes, quotes, bullets of command line tools
    | E\s{2,}                                        # pytest
    | \[[^\]\n]{0,60}\]:?                            # [rank0]: [2026-01-02 03:04:05] [ERROR]
    | \((?:[\w.]+\s)?pid=\d+[^)]*\)                  # Ray, vLLM
    | \d{2}(?:\d\d)?[-/]\d\d[-/]\d\d[T\s:,-]*[\d:.,]*(?:Z|[+-]\d\d:?\d\d)?
    | (?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)?,?\s?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\s+\d+
    | (?:\d\d-\d\d\s)?\d\d:\d\d:\d\d[.,\d]*
    | [EFIW]\d{4}\s\d\d:\d\d:\d\d\.\d+\s+\d+\s\S+:\d+\]          # glog, klog
    | std(?:out|err)\s[FP]\s | \#\#\[\w+\] | \d{1,5}:\s         # Kubernetes, GitHub, srun -l
    | [\w.-]{1,40}\s+\|\s                                       # docker compose
    | [\w.-]{1,60}\s[\w./-]{1,40}\[\d+\]:\s                     # syslog: host and program
    | \d{1,3}%\|[^|]{0,80}\|[^\[\n]{0,40}\[[^\]\n]{0,60}\]      # a progress bar
    | [\w.]+\s-\s
    | (?:ERROR|WARN(?:ING)?|INFO|DEBUG|CRITICAL|FATAL|ERRO|SEVERE)\b[:\s]*
    | \d+\s+(?=\d\d:|\[|[A-Z]+\b)
    | \#\d+\s\d+\.\d+\s                                          # docker build
    | [-—:|]\s
    )""",
    re.VERBOSE,
)
_EXCEPTION = re.compile(
    r"""
      (?:[A-Za-z_][\w]*\.)*[A-Z][\w$]*(?:Error|Exception|Exhausted|Interrupt|Failure|Warning)
        (?:\$\w+)?\b\s*(?:[:(\[]|$)
    | (?:[A-Za-z_]\w*\.){1,8}[A-Z][\w$]*(?::\s|$)           # botocore.errorfactory.Throttled: …
    | Caused\ by:\s | Uncaught\s | Unhandled\s
    | thread\ '[^']*'\ panicked | panic:\s
    """,
    re.VERBOSE,
)
_SLIP = re.compile(
    r"AssertionError: (?:'.*'|\".*\") (?:!=|==|not in) |(?:^|\s-\s)(?:KeyError|AttributeError|NameError|UnboundLocalError|IndexError|ZeroDivisionError): "
)
_ERROR = AnyOf(
    r"""(?i)
      \b(?:errors?|erro|fatal|critical|severe|panic|exception|failed|failure|failing
         |cannot|could\ not|couldn't|unable\ to|denied|refused|rejected|aborted|aborting|killed)\b
    | "level"\s*:\s*(?:[56]0\b|"(?:error|fatal|critical)") | "stream"\s*:\s*"stderr"
    | (?-i:\w(?:Error|Exception)):\s | \berr! | \(HTTP\s[45]\d\d\) | :\sHTTP\s[45]\d\d\b | ^HTTP\s[45]\d\d(?:\s*[:(-]|\s(?-i:[A-Z]))
    | \btimed\ out\b | \bunreachable\b | \bno\ route\ to\b | \bdial\ (?:tcp|udp)\b | ^curl:\ \(
    | ^[EF]\d{4}\s\d\d:\d\d:
    | 错误|錯誤|失败|失敗|ошибка|エラー|오류
    | \bHTTP/\d(?:\.\d)?"?\s[45]\d\d\b
    | \bstatus(?:[\s_]?code)?["']?\s*[=:]?\s*[45]\d\d\b
    | "(?:is_error|isApiErrorMessage)"\s*:\s*true
    | ["']?(?:error|code|status|type|reason)["']?\s*:\s*["'{]
    | ["'](?:code|status\w*|error_?code)["']\s*:\s*["']?[45]\d\d\b | ^\s*status\ =\ StatusCode\.
    | ^\s*[45]\d\d(?::|\s(?-i:[A-Z])|\sstatus\b)
    | <h1>|<title>|<Code>
    | ^[\s]*[❌✗✖✘■⎿]
    """
)
_ADVERSE = AnyOf(
    r"""(?i)
      \b(?:exceed(?:s|ed)|exhausted|throttled|rate[\s-]limited|overloaded|unavailable|insufficient|lost|died|crashed|killed|terminated|blocked|flagged|busy|slow\ down|expired|disconnected|unreachable|aborted|refused|declined|suspended|offline|no\ (?:\w+\ ){1,3}available|(?:is|are)\ (?:down|not\ running)
         |too\ (?:many|frequent)|over\ (?:its|your|the)\ (?:\w+\ )?quota|failed|fails|(?:return|exit)[\s_]?code\W{1,3}-\d)\b
    | ^\s*["'](?:message|detail|msg|reason|error_?message|description)["']\s*:\s*["']
    | (?-i:\w*(?:Error|Exception|Failure))\b | \btimed\sout\b | \btrouble\ with\b
    | \b(?:hit|reached|over)\b.{0,24}\blimits?\b | \bno\ (?:more|remaining)\ \w
    | (?-i:\b[A-Z][a-z]+[A-Za-z]*(?:Required|Denied|Exceeded|Unavailable|Expired|Refused|TimedOut)):\s
    """
)
"""What tells of a failure in a line that does not call itself an error."""
_NEWS = AnyOf(
    r"""(?-i:\w(?:Error|Exception|Failure))\b | (?i:\bfailed\b | \berrors?: | \berror\ code\b | \bstatus\ code:?\ [45]\d\d\b)"""
)
"""The same in a line that calls itself news."""
_CHATTER = re.compile(
    r"^.{0,90}?(?:\b(?:INFO|DEBUG|TRACE|NOTICE)\b|\[(?:info|debug)\]|level=(?:info|debug))"
)
_ANSWER = re.compile(
    r"""["'](?:error|errors|err|last_error|detail)["']\s*:\s*["'{\[]|["']type["']\s*:\s*["']error["']
    |["']is_?(?:error|ApiErrorMessage)["']\s*:\s*true
    |["'](?:code|status\w*|error_?code)["']\s*:\s*["']?(?:[45]\d\d\b|[A-Z_]{6,})""",
    re.VERBOSE | re.IGNORECASE,
)
_SENDER = re.compile(r"[\w./\\()<>@,-]+(?:\s[\w./()<>@,-]+){0,5}\s?(?::\s|\uff1a)")
_STRUCTURED_ERROR = re.compile(
    r'"(?:is_error|isApiErrorMessage)"\s*:\s*true|"type"\s*:\s*"error"|"subtype"\s*:\s*"error'
)


def bare(line: str) -> str:
    """Return ``line`` without what loggers, boxes and quoting put before the message."""
    rest = line.strip()
    for _ in range(8):
        prefix = _PREFIX.match(rest)
        if prefix is None:
            break
        rest = rest[prefix.end() :].lstrip()
    return rest


def is_exception(line: str) -> bool:
    """Tell whether ``line`` is the last line of a traceback, or looks the same."""
    return _EXCEPTION.match(bare(_shortened(line))) is not None


def is_slip(line: str) -> bool:
    """Tell whether ``line`` is an exception about the names in a program, whatever words these are."""
    return _SLIP.search(bare(_shortened(line))) is not None


def _shortened(line: str) -> str:
    """Return what the patterns look at: runs of one character, which make them slow, are cut."""
    line = line[:_LOOKED_AT].rstrip().expandtabs(4)
    text = line.lstrip()
    indent = min(_INDENT, len(line) - len(text))
    return " " * indent + cut_runs(text.replace('\\"', '"'))


def is_labelled(line: str) -> bool:
    """Tell whether ``line`` calls itself an error: by a level, a name with a colon, a JSON key."""
    return _STRUCTURED.found_in(line)


def is_adverse(line: str) -> bool:
    """Tell whether ``line`` tells of a failure, whatever level it was written at."""
    line = _shortened(line)
    return (_NEWS if _CHATTER.match(line) else _ADVERSE).found_in(line)


def is_sent(line: str) -> bool:
    """Tell whether ``line`` begins with who sends it: a time, a level, a program and a colon."""
    text = line.strip()
    return bare(_shortened(line)) != _shortened(line).strip() or _SENDER.match(text) is not None


def is_structured(line: str) -> bool:
    """Tell whether ``line`` is, or has in it, a server's answer as JSON that says: an error."""
    return _ANSWER.search(_shortened(line)) is not None


@lru_cache(maxsize=_REMEMBERED)
def shape_of(line: str) -> Shape:
    """Return what sort of line this is; only its first 1,000 characters are looked at."""
    line = _shortened(line)
    if _STRUCTURED_ERROR.search(line) and not begins_code(line):
        return Shape.ERROR
    if is_transcript(line):
        return Shape.QUOTE
    rest = bare(line)
    if _EXCEPTION.match(rest) and not has_source_bits(line):
        return Shape.EXCEPTION
    if is_item(line) or is_code(line):
        return Shape.QUOTE
    if is_prose(line) and not is_labelled(_CITED.sub(" ", line)):
        return Shape.QUOTE
    if _CHATTER.match(line):
        return Shape.CHATTER
    return Shape.ERROR if _ERROR.found_in(line) else Shape.PLAIN


_STRUCTURED = AnyOf(
    r"""["'](?:error|code|message|type|status)["']\s*:|\bError\ code:\s*\d{3}|\bAPI\ Error:|\berror\ occurred\ \(|\[E\s|\bE\d{3,4}\s\d\d:\d\d|\blevel=(?:warn|err|fatal|crit)|\berror=["\w]|\bexit\ type:\s[A-Z_]+\b|·\s(?:Retrying|resets)\b
    |^\W{0,3}[45]\d\d:?\s["{]?[A-Z][a-z]|^\s*(?:error|fatal|ERROR)\b|\b(?:[Ee]rror|Exception|fatal):\s|\b\w+\.\w*(?:Error|Exception):\s|\b(?:ERROR|FATAL|CRITICAL|SEVERE|ERRO)\b"""
)
