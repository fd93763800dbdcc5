"""Lines that only speak of errors: code, tests, tables and chat. They prove nothing."""

import re

from supervisor.core.anyof import AnyOf

_GUTTER = r"^\s*+(?:\d{1,5}(?:\s*+[:|])?\s{1,8}+|[+-]\s{0,8}+|>{1,3}\s|\$\s|\.{3}\s|\S+\.\w{1,4}:\d+:\s)?\s*+"
"""What editors, diffs, shells and grep put before a line of code; no code begins with white space."""

_CODE = re.compile(
    _GUTTER
    + r"""(?:
      \#(?!\s?\d{4}-|\d+\s\d+\.\d)|//|/\*|\*/|<!--|;;|\*\s(?=[A-Z@])
    | raise\s+[\w.:]+\s*(?:[(,]|$|from\b) | except\b.*:\s*(?:\#.*)?$ | (?:async\s)?def\s+\w+\s*\(
    | class\s+\w+\s*[(:{] | assert\s | (?:import|package|using|use)\s+[\w.:{}*,\s]+?;?\s*(?:\#.*)?$
    | from\s+[\w.]+\s+import\b
    | return\b | yield\b | throw\s+(?:new\s)?[\w.]+\s*\( | new\s+[A-Z]\w*\(
    | (?:export\s+)?(?:const|let|var|enum|interface|type)\s+[\w{\[]
    | (?:async\s+)?function\b\s*\w*\s*\( | func\s+[\w(] | (?:pub\s+)?fn\s+\w+
    | (?:public|private|protected|static)\s+\w+[\s<*(]
    | \}\s*(?:catch|else|except|finally) | (?:el)?if\s*\(.*[{;)&|]\s*$
    | (?:el)?if\s.*(?::|\b(?:or|and|then)|\\)\s*$ | (?:el|els)?if\s.*\s[=!]=\s | when\s.*\bthen\b
    | (?:while|for)\s*\(.*\{\s*$ | (?:while|for|with)\s.*:\s*$ | try:\s*$
    | (?:test|it|describe|context|expect|print|printf|println!|echo|puts|fprintf|panic!|re\.\w+)\s*\(
    | (?:\w+\.)+(?:log|debug|info|warn|warning|error|exception|print|write|push|append|add_argument)
      \s*\(
    | log\w*\(f?["'] | print\s+["'] | echo\s+["'] | test\s+["'].*\bdo\s*$ | msg(?:id|str)\s+"
    | (?:-\s)?(?:grep|rg|awk|sed|export|alias)\s+\S
    | f["'] | r\#?["']
    | (?!(?:status|details|debug_error_string)\s=|(?i:error|fatal|warn(?:ing)?)\s*:)
      [\w.\[\]"'*$]+(?:\s*:\s*[\w.\[\]|\s]+)?\s(?:=|\+=|:=|==|=>)\s.*(?:[;{(\[,"')\]]|\w)\s*$(?<![.!])
    | ["'][^"']*["']\s*(?:,|\)|CRLF|\\)+\s*(?:(?:\#|//).*)?$
    | (?:[\w$]+\.)+[a-z_]\w*\(.*["'].*\)\s*;?\s*$
    | [a-zA-Z_$]\w*\.[A-Z]\w*\(.*\)\s*;?\s*$
    | [A-Z]\w*\(.*\),?\s*(?:\#.*)?$(?<!\)\))
    | [a-z_$][\w.$]*!?\(.*[)\]};,({\[]\s*$
    | \w+=[fr]?["'(\[{].*[,)]\s*$
    | if\s+\w+(?:,\s*\w+)?\s:= | await\s | [\w.]+\[["'][^\]]*\]\s=
    | [\w.]+,\s*(?:\#.*)?$ | [\w.]+:\s[\w.]+,\s*$ | ["']\w*error\w*["']\s*:\s*\d{3},?\s*$ | \w+=\d+,\s*$ | ["'][^"']*["']\s*:\s*b["'] | b["'](?:\\x|[^"']*\\r\\n["'],?\s*$) | (?:self|cls|this|ctx),\s["']
    | \{\s*\w+:\s*["'].*\},\s*$ | ["']{3}
    | \w+:\s+"[^"']*",\s*$ | [A-Za-z_]\w*(?:\.\w+)+:\s["'][^"']*["'],\s*$ | \$\w+\s= | \w+=[^\s,]+,\s\w+=
    | \w+\s+(?:string|int|error|bool)\s*= | [\[(]\s*[\w.]+\( | \[\s*new\s
    | \{\s\w+:\s\w | \w+=[\w.]+\(.*[,)]\s*$ | ["']\w+["']:\s(?:None|True|False),?\s*$ | @\w+(?:\(|\s*$)
    | \w+(?:,\s\w+)+\s:?=\s | \w*[aA]ssert\w*\( | (?:it|describe|context|scenario|specify)\s["'] | `?[45]\d\d`?\s*\|
    | raise\s[\w.:]+,\s
    | \{\s*"[^"]*",(?:\s|$) | "[^"]*",\s*"[^"]*"
    | \w+\?:\s | \d{3}:\s*(?:["']\w+["'],?(?:\s|$)|\() | \w+\sas\s\w+,\s*$ | \|\s*["'] | \[\s*(?:"[^"]*"|'[^']*')\s*, | \*?".*"\*?\)
    | /.*/[gimsuy]*[,;)\]]*\s*$
    | case\s+.*:\s*$ | case\s+.*\)\s*$ | when\s+.*=>|\|\|
    | </?(?:[\w-]+)(?:\s+[\w:@.-]+=.*|\s*/?>.*\{["'].*)$
    | </?(?:strong|em|li|ul|p|span|div|td|tr|code|pre|a|b|i)\b
    )""",
    re.VERBOSE,
)
_INDENTED_TEXT = re.compile(r"""^\s{2,}(?:(["'])(?!\w+\1\s*:)(?!.*\\n'\s*\+\s*$)|\"{3}|'{3})""")
"""A line that is a string literal; the pieces of a long string that Node shows end in ``+``."""
_DEEP = re.compile(
    r"""^(?:\s{4,}\(\s*(?:"[^"]*"|'[^']*'),|\s{6,}\w+:\s+["'`]|\s{8,}'\w+':\s'|\s{12,}["']\w+["']:\s["'])"""
)
"""A property deep inside of a program; what is printed of an answer is rarely indented that far."""
_ANSWER_KEYS = (
    r"message|\w*payload|errors?|err|error\w*|details?|reason|msg|code|type|status\w*|title|description|text|body|data"
    r"|raw|log|line|result|cause|stderr|output|last_error|content|response|exception|name"
    r"|errno|sys_?call|errored_?sys_?call|address|port|host|hostname|url|path|method|stack"
    r"|documentation_url|doc_url|request_?id|trace_?id|param|hint|object|severity|timestamp"
)
_NAMED_TEXT = re.compile(
    rf"""^\s+(?P<quote>["']?)(?!(?:{_ANSWER_KEYS})\b)\w+(?P=quote):\s["'].*["'],\s*$""",
    re.IGNORECASE,
)
"""A text under a name of its own, one of several: messages of a program, not an answer."""
_WORDS_AS_KEY = re.compile(r"""^\s*["'][^"':]*\s[^"':]*["']\s*:\s*["'].*["'],?\s*$""")
"""A table of translations or of answers, not a server's answer: its keys are words."""

_SOURCE_BITS = AnyOf(
    r"""re\.compile\(|\[r["']|\bin\s+\w+\.lower\(\)|\.includes\(["']|\.match\(/|\\[bds]\b.*\\[bds]
    |\#\ noqa|toThrow\(|assertRaises|pytest\.raises|[\w)\]"']\s={3}\s["'\w(]|\bwhen\s\w+\sin\b
    |^\s*[\w.]+:\s[\w.]+,\s*$|^\s+[\w.]+:\s(?:If|When|Raised)\s
    |^\s*\*?\s*(?::|@)(?:raises?|throws|exception|param|returns?|r?type)\b|^\s*(?:-\s)?(?:pattern|regex|unless|matches|ignores)\s?:\s['"]"""
)
"""Pieces of programs that no message of an exception has in it."""
_CODE_BITS = AnyOf(
    r"""[\w)\]"']\s(?:!==|===|\|\|)\s | \|\|\s*$ | \s[=!]=\s["'] | \s=>\s | \s:=\s | \blambda\b[^:\n]{0,40}:
    | \.(?:to_owned|to_string|into|includes|contains|indexOf|starts?_?[wW]ith|ends?_?[wW]ith|lower|casefold
          |toLowerCase|is_some|as_str|toBe\w*|toEqual|toMatch\w*|toContain|enum|optional|get)\(
    | :(?:class|exc|meth|func|mod):` | ``\w | \bLiteral\[ | \bisinstance\( | \#\s(?:pragma|noqa|type):?
    | \bnew\s\w*(?:Error|Exception)\( | \b[a-z]\w*\((?:[a-zA-Z_][\w.]*,\s)+["'`\[] | JSON\.\w+\( | \w\(\{\s?\w+: | \s//\s
    | /\*.*\*/ | '\s\.\s\$ | \s<<\s | \w\{\} | \]\([/\#] | ["']\)\.\w+ | \b[a-z_]+!\( | [:{>]\sreturn\s | ["']\s->\s | `[,;)]\s*$
    | ["']\s(?:not\s)?in\s[\w.]+(?:[):]|\sor\s|\sand\s|\s*$) | </(?:p|div|span|li|td|button|label|a|code|Text|Label|Alert)>
    | [)"'\]}]\s*;\s*$ | \)\s*\{\s*$ | \bf["'](?=[\w{]) | \br\#?["'][\w(\\] | \$\{\w
    | \bself\.\w+ | \S\s{2,}\#\s(?!\w*(?:Error|Exception)\b)[A-Za-z] | \bLIKE\s'% | \|\s*grep\b | \*"[^"]*"\*\| | \bIN\s\('
    | ["'][.,]?["']?\s*\+\s*\w+\s*\+ | !~\s/ | \|\s*grep\s"""
)
_LISTED = re.compile(r"^\s*(?:-{1,5}>\s?)?\d{1,5}\s{4,}\S")
"""A numbered line of a listing, as IPython prints around the place of an error."""
_DEVICE_ASSERTION = re.compile(r"\bAssertion\b.{0,200}\bfailed")
_TEST = AnyOf(
    r"""\b(?:PASSED|PASS|SKIPPED|XFAIL|XPASS)\b | ^\s*(?:✓|✔|√|☑|✅|ok\s+\d+|---\ PASS|===\ RUN)
    | ::\w*test\w*(?!.*\s-\s) | \btest_\w+\s*(?:\(|\.\.\.|$) | \b\d+\s+(?:passed|succeeded)\b
    | ^test\s[\w:]+\s\.\.\."""
)
_COUNTERS = re.compile(
    r"(?:^|[\s:])\d+\s[A-Za-z ]{2,20}(?:[,;|]\s*\d+\s[A-Za-z ]{2,20}){1,}(?:[,;|.]|$)"
    r"""|["'](?:\w*_?(?:errors?|limit\w*)|timeouts?|failed|failures?|retries)["']:\s?\d+,\s?["']\w+["']:\s?\d+[,}]"""
)
_STATUS = re.compile(r"[45]\d\d\s[A-Z]")
_STATUSES = re.compile(r"\b([45]\d\d)\s[A-Z]\w+.{1,80}?\b(?!\1)[45]\d\d\s[A-Z]\w+")
"""A list of statuses is documentation."""
_TABLE = re.compile(r"^\s*\|.*\|\s*$|^\s*\|(?:[^|]*\|){2,}")
_COMMIT = AnyOf(
    r"""^(?:[\da-f]{7,40}\s|\*\s)?(?:feat|fix|chore|docs|refactor|test|perf|ci|build|style|revert)
        (?:\([^)]{1,40}\))?!?:\s
    | \b(?:closes|fixes)\s\#\d"""
)
_TRANSCRIPT = re.compile(r'"(?:role|type)"\s*:\s*"(?:assistant|user|tool|tool_result|system)"')
_HEADING = re.compile(
    r"^\s*#{1,6}\s|^\s*(?:[-*•]\s+)?\*\*(?!\d{4}-)[^*]{1,80}(?::\*\*|\*\*\s*(?::|$|[—-]))"
)
_ADVICE = re.compile(
    r"(?i)^\W*(?:symptoms?|solutions?|workaround|expected|purpose|fix|diagnosis|resolution|remedy|recommendations?|troubleshooting|how to fix|why it works|step \d+)\W*:\s"
    r"""|^\W*(?:description|help|summary|title|doc)["']?\s?:\s["']?(?:how|whether|number|time|max\w*|min\w*|optional\w*|default\w*|set|enable\w*|use|seconds|list|name|path)\b"""
)
_DOCUMENT = re.compile(r"[\w./-]+\.(?:md|mdx|rst|adoc|html?|po|tex|ipynb)[:-]\d+[:-]\s?")
"""What grep puts before a line of a document."""
_BULLET = re.compile(r"^\s*(?:[-*•]\s+|[├└]──\s+|\d{1,2}[.)]\s+|\#{1,6}\s+)(?=\S)")
_ENTRY = re.compile(r"\s*[-*•]\s+\W{0,3}\w[\w ]{0,30}\W{0,3}:\s")
_LABELLED = re.compile(
    r"(?i)\W*(?:errors?|err|fatal|fail(?:ed|ure)?|critical|exception|defects?|quota exceeded)\b[:\s]*(?![\s:\"'`*])"
)


def has_source_bits(line: str) -> bool:
    """Tell whether the line has pieces of a program that no exception's message has in it."""
    return _SOURCE_BITS.found_in(line)


def begins_code(line: str) -> bool:
    """Tell whether the line begins as a line of a program does."""
    return _CODE.match(line) is not None


def is_code(line: str) -> bool:
    """Tell whether ``line`` is a piece of a program, of a test report, or of a table."""
    # Ordered by what they cost: the last ones take half of the time of all.
    return (
        _CODE.match(line) is not None
        or _INDENTED_TEXT.match(line) is not None
        or _DEEP.match(line) is not None
        or _LISTED.match(line) is not None
        or _NAMED_TEXT.match(line) is not None
        or _WORDS_AS_KEY.match(line) is not None
        or _TABLE.match(line) is not None
        or (_TEST.found_in(line) and "crashed" not in line)
        or _COMMIT.found_in(line)
        or _COUNTERS.search(line) is not None
        or (_STATUS.search(line) is not None and _STATUSES.search(line) is not None)
        or _SOURCE_BITS.found_in(line)
        or (_CODE_BITS.found_in(line) and _DEVICE_ASSERTION.search(line) is None)
    )


_TAG = re.compile(r"^\s*</?(?:div|span|p|li|ul|td|tr|section|a|button|form|label)\b")
_PIECE = re.compile(r"""^\s{2,}(?:["']?[\w.]+["']?\s*[:=]\s*["'({\[]|["'({\[<]|[\w.]+\()""")
"""What may be a piece of a program or of data: a property, a literal, a call, indented."""


def stands_alone(line: str, beside: tuple[str, str]) -> bool:
    """Tell whether the lines beside it cannot matter: it begins at the margin, and is no item."""
    return not (
        line[:1].isspace() or _BULLET.match(line) is not None or all(map(_TAG.match, beside))
    )


def is_amid_code(line: str, beside: tuple[str, str]) -> bool:
    """Tell whether ``line``, which may be data as well, stands between lines of a program."""
    if stands_alone(line, beside):
        return False
    if all(_TAG.match(other) for other in beside):
        return True
    if _BULLET.match(line) is not None and any(_is_entry(other) for other in beside):
        return True
    return _PIECE.match(line) is not None and any(is_code(other) for other in beside)


def _is_entry(line: str) -> bool:
    """Tell whether the line is an entry of a list of terms; what it lists beside is one, too."""
    return _ENTRY.match(line) is not None and is_item(line)


def argument_at(line: str, place: int) -> int | None:
    """Return where the string around character ``place`` begins, if it is handed to something.

    It follows a bracket or a comma, and something of a program follows it. Where a message names
    itself an error before the string, the string is its detail.
    """
    for quote in ('"', "'"):
        opened = _opening(line, place, quote)
        closed = line.find(quote, place)
        if opened > 0 and closed > 0 and _GIVEN.search(line[:opened]):
            return opened if _TAKEN.match(line[closed + 1 :]) else None
    return None


_GIVEN = re.compile(r"\w[^\w\s]*[(\[]\s*[a-z]?$|\w[^\w\s]*,\s*$|\+\s*$")
_TAKEN = re.compile(r"\s*(?:[),;\]}]|\.\w+\(|\+\s|$)")


def _opening(line: str, place: int, quote: str) -> int:
    """Return where the string around ``place`` begins, or -1; apostrophes are no quotes."""
    opened = -1
    for match in re.finditer(rf"(?<!\\){quote}", line[:place]):
        at = match.start()
        if opened >= 0:
            opened = -1
        elif quote == '"' or at == 0 or not line[at - 1].isalnum():
            opened = at
    return opened


def is_transcript(line: str) -> bool:
    """Tell whether the line is one message of an agent's recorded conversation."""
    return _TRANSCRIPT.search(line) is not None


def is_item(line: str) -> bool:
    """Tell whether the line is a heading or an item of a list that is no labelled error."""
    if any(kind.match(line) is not None for kind in (_HEADING, _ADVICE, _DOCUMENT)):
        return True
    return _BULLET.match(line) is not None and _LABELLED.match(_BULLET.sub("", line)) is None
