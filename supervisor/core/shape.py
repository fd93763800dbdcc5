"""What sort of line a text is: an exception, an error message, chatter, or words about errors."""

import re
from enum import IntEnum

_LOOKED_AT = 1000
"""Characters of a line that decide its shape; lines of transcripts can be megabytes."""


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


_RUNS = re.compile(r"(.)\1{7,}")
_PREFIX = re.compile(
    r"""(?:
      [\s│┃║|>*+❌✗✖✘■●⎿·⚠️]+                       # boxes, quotes, bullets of command line tools
    | E\s{2,}                                        # pytest
    | \[[^\]\n]{0,60}\]:?                            # [rank0]: [2026-01-02 03:04:05] [ERROR]
    | \((?:[\w.]+\s)?pid=\d+[^)]*\)                  # Ray, vLLM
    | \d{4}[-/]\d\d[-/]\d\d[T\s:,-]*[\d:.,]*(?:Z|[+-]\d\d:?\d\d)?
    | (?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)?,?\s?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\s+\d+
    | (?:\d\d-\d\d\s)?\d\d:\d\d:\d\d[.,\d]*
    | [\w.]+\s-\s
    | (?:ERROR|WARN(?:ING)?|INFO|DEBUG|CRITICAL|FATAL|ERRO|SEVERE)\b[:\s]*
    | \d+\s+(?=\d\d:|\[|[A-Z]+\b)
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
_ERROR = re.compile(
    r"""(?i)
      \b(?:errors?|err!|erro|fatal|critical|severe|panic|exception|failed|failure|failing
         |cannot|could\ not|couldn't|unable\ to|denied|refused|rejected|aborted|aborting|killed)\b
    | \btimed\ out\b | \bunreachable\b | \bno\ route\ to\b | \bdial\ (?:tcp|udp)\b | ^curl:\ \(
    | 错误|錯誤|失败|失敗|ошибка|エラー|오류
    | \bHTTP/\d(?:\.\d)?"?\s[45]\d\d\b
    | \bstatus(?:[\s_]?code)?["']?\s*[=:]?\s*[45]\d\d\b
    | "(?:is_error|isApiErrorMessage)"\s*:\s*true
    | ["']?(?:error|code|status|type|reason)["']?\s*:\s*["'{]
    | ^\s*[45]\d\d(?::|\s(?-i:[A-Z]))
    | <h1>|<title>|<Code>
    | ^[\s]*[❌✗✖✘■⎿]
    """,
    re.VERBOSE,
)
_CHATTER = re.compile(
    r"^.{0,90}?(?:\b(?:INFO|DEBUG|TRACE|NOTICE)\b|\[(?:info|debug)\]|level=(?:info|debug))"
)
_STRUCTURED_ERROR = re.compile(
    r'"(?:is_error|isApiErrorMessage)"\s*:\s*true|"type"\s*:\s*"error"|"subtype"\s*:\s*"error'
)
_TRANSCRIPT = re.compile(r'"(?:role|type)"\s*:\s*"(?:assistant|user|tool|tool_result|system)"')

_CODE = re.compile(
    r"""^\s*(?:\d{1,5}\s*[:|]?\s{1,8}|[+-]\s{0,8}|>{1,3}\s|\.{3}\s|\S+\.\w{1,4}:\d+:\s)?\s*
    (?:
      \#(?!\s?\d{4}-)|//|/\*|\*/|<!--|;;|\*\s(?=[A-Z@])
    | raise\s+[\w.]+\s*(?:\(|$|from\b) | except\b.*:\s*(?:\#.*)?$ | (?:async\s)?def\s+\w+\s*\(
    | class\s+\w+\s*[(:{] | assert\s | import\s+[\w.]+(?:\s+as\s+\w+)?\s*(?:\#.*)?$ | from\s+[\w.]+\s+import\b
    | return\b | yield\b | throw\s+(?:new\s)?[\w.]+\s*\( | (?:export\s+)?(?:const|let|var)\s+[\w{\[]
    | (?:async\s+)?function\b\s*\w*\s*\( | func\s+[\w(] | (?:pub\s+)?fn\s+\w+
    | (?:public|private|protected|static)\s+\w+[\s<*]
    | \}\s*(?:catch|else|except|finally) | (?:el)?if\s*\(.*[{;)&|]\s*$ | (?:el)?if\s.*(?::|\b(?:or|and)|\\)\s*$
    | (?:while|for)\s*\(.*\{\s*$ | (?:while|for|with)\s.*:\s*$ | try:\s*$
    | (?:test|it|describe|context|expect|print|printf|println!|echo|puts|fprintf|panic!|re\.\w+)\s*\(
    | (?:\w+\.)+(?:log|debug|info|warn|warning|error|exception|print|write|push|append|add_argument)\s*\(
    | log\w*\(f?["']
    | print\s+["'] | echo\s+["']
    | [rfb]["']
    | [\w.\[\]"'*]+(?:\s*:\s*[\w.\[\]|\s]+)?\s(?:=|\+=|:=|==|=>)\s.*(?:[;{(\[,"')]|\w)\s*$(?<![.!])
    | ["'][^"']*["']\s*(?:,|\)|CRLF|\\)+\s*(?:(?:\#|//).*)?$
    | (?:[\w$]+\.)+[a-z_]\w*\(.*["'].*\)\s*;?\s*$
    | [a-zA-Z_$]\w*\.[A-Z]\w*\(.*\)\s*;?\s*$
    | [A-Z]\w*\(.*\),?\s*(?:\#.*)?$(?<!\)\))
    | case\s+.*:\s*$ | when\s+.*=>|\|\|
    | </?(?:[\w-]+)(?:\s+[\w:@.-]+=.*|\s*/?>.*\{["'].*)$
    | </?(?:strong|em|li|ul|p|span|div|td|tr|code|pre|a|b|i)\b
    )""",
    re.VERBOSE,
)
_SOURCE_BITS = re.compile(
    r"""re\.compile\(|\[r["']|\bin\s+\w+\.lower\(\)|\.includes\(["']|\.match\(/|\\[bds]\b.*\\[bds]
    |\#\ noqa|toThrow\(|assertRaises|pytest\.raises|[\w)\]"']\s={3}\s["'\w(]|\bwhen\s\w+\sin\b""",
    re.VERBOSE,
)
_TEST = re.compile(
    r"""\b(?:PASSED|PASS|SKIPPED|XFAIL|XPASS)\b | ^\s*(?:✓|✔|√|☑|✅|ok\s+\d+|---\ PASS|===\ RUN)
    | ::\w*test\w*(?!.*\s-\s) | \btest_\w+\s*(?:\(|\.\.\.|$) | \b\d+\s+(?:passed|succeeded)\b
    | ^test\s[\w:]+\s\.\.\.""",
    re.VERBOSE,
)
_COUNTERS = re.compile(
    r"(?:^|[\s:])\d+\s[A-Za-z ]{2,20}(?:[,;|]\s*\d+\s[A-Za-z ]{2,20}){1,}(?:[,;|.]|$)"
)
_TABLE = re.compile(r"^\s*\|.*\|\s*$|^\s*\|(?:[^|]*\|){2,}")
_BULLET = re.compile(r"^\s*(?:[-*•]\s+|\d{1,2}[.)]\s+|\#{1,6}\s+)(?=\S)")
_LABELLED = re.compile(r"(?i)\W*(?:errors?|err|fatal|fail(?:ed|ure)?|critical|exception)\b\W?")
_PROSE = re.compile(
    r"""(?i)
      \b(?:should|must|shall|may|might|can|will|would)\s(?:\w+\s)?(?:return|respond|have|be|raise|throw|see|get|fail|cause|happen|occur|handle|retry|mean)\b
    | \bresponds?\swith\b | \breturns?\s(?:a\s|an\s|the\s)?(?:HTTP\s|status\s)*\d{3}\b
    | \b(?:if|when|whenever|in\scase)\s(?:you|your|the|a|an|it|we|I|there|this)\b
    | \b(?:for\sexample|handles|handling|simulat\w+|mocks?|mocking|mocked|e\.g\.,|how\sto|such\sas|means\sthat|for\sany)\b
    | \b(?:fix(?:ed|es)?|add(?:ed|s)?|improve[ds]?|increased?|support(?:ed|s)?|implement(?:ed|s)?)\s(?:\w+\s){0,6}(?:for|to|of|when|in|on|error|errors|handling|retry|retries|support)\b
    | ^\s*(?:User|Human|Assistant|Question|Answer|Q|A)\s?:\s | \bwhat\s(?:does|is|are)\b
    | \b(?:are|is)\snow\s | \blet(?:'s|\sme|\sus)\b | \bI(?:'ll|'ve|\swill|\sthink|\ssee|\sneed)\b
    """,
    re.VERBOSE,
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


def _shortened(line: str) -> str:
    """Return what the patterns look at: runs of one character, which make them slow, are cut."""
    return _RUNS.sub(r"\1\1\1\1", line[:_LOOKED_AT].rstrip().replace('\\"', '"'))


def is_code(line: str) -> bool:
    """Tell whether ``line`` is a piece of a program, of a test report, or of a table."""
    return (
        _CODE.match(line) is not None
        or _SOURCE_BITS.search(line) is not None
        or _TEST.search(line) is not None
        or _TABLE.match(line) is not None
        or _COUNTERS.search(line) is not None
    )


def shape_of(line: str) -> Shape:
    """Return what sort of line this is; only its first 1,000 characters are looked at."""
    line = _shortened(line)
    if _STRUCTURED_ERROR.search(line):
        return Shape.ERROR
    if _TRANSCRIPT.search(line):
        return Shape.QUOTE
    rest = bare(line)
    if _EXCEPTION.match(rest) and not _SOURCE_BITS.search(line):
        return Shape.EXCEPTION
    if is_code(line):
        return Shape.QUOTE
    if _BULLET.match(line) and not _LABELLED.match(_BULLET.sub("", line)):
        return Shape.QUOTE
    if _PROSE.search(line) and not _STRUCTURED.search(line):
        return Shape.QUOTE
    if _CHATTER.match(line):
        return Shape.CHATTER
    return Shape.ERROR if _ERROR.search(line) else Shape.PLAIN


_STRUCTURED = re.compile(
    r"""["'](?:error|code|message|type|status)["']\s*:|\bError\ code:\s*\d{3}|\bAPI\ Error:
    |^\s*(?:error|fatal|ERROR)\b|\b(?:Error|Exception):\s""",
    re.VERBOSE,
)
