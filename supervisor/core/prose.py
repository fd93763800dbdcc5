"""Sentences about errors in general, as people, agents and documents write them: they prove nothing.

Errors are short of words: few of them say why, when, or who thought what.
"""

import re

from supervisor.core.anyof import AnyOf

_FEWEST_WORDS = 4
_LEAST_WORDS = 6
_MANY = 3
"""So many kinds of signs make a sentence a tale."""
_DENSE = 0.2
"""Two kinds do where so many of its words are signs."""

_PROSE = AnyOf(
    r"""(?i)
      \b(?:should|would)\sbe\b
    | \b(?:should|must|shall|may|might|can|will|would)\s(?:\w+\s)?(?:return|respond|have|raise|throw|see|get|fail|cause|happen|occur|handle|retry|mean|explain|reject|accept)\b
    | \be\.g\.,\s | \bresponds?\swith\b | \braises?\s(?:a|an|typed|the)\b | \bto\s(?:raise|handle)\b | \bto\s(?:prevent|avoid)\s.{1,80}\s(?:errors|failures)\b | \braising\b | \b(?:wording|phrasing)\b | \breturns?\s(?:a\s|an\s|the\s)?(?:HTTP\s|status\s)*\d{3}\b
    | \b(?:if|when|whenever|in\scase)\s(?:you|your|the|a|an|it|we|I|there|this)\b
    | \b(?:for\sexample|handles|handling|simulat\w+|mocks?|mocking|mocked|how\sto|such\sas|means\sthat|for\sany)\b
    | (?:^|[.:;,]\s|\b(?:and|we|I|should|now|also)\s)\W*(?:fix(?:ed|es)?|add(?:ed|s)?|improve[ds]?|increased?|support(?:ed|s)?|implement(?:ed|s)?)\s(?:\w+\s){0,6}(?:for|to|of|when|in|on|error|errors|handling|retry|retries|support)\b
    | ^\W*when\s\w+ing\b | ^[\s>]*(?:User|Human|Assistant|Agent|Thought|Question|Answer|Q|A)\s?:\s
    | ^\W*(?:why|what|which|who|where|how|does|do|did|is|are|has|can|could|anyone|any)\s[^:]{8,}\?\W*$
    | \bwhat\s(?:does|is|are|should|do)\b | \bhow\s(?:do|can|should)\b
    | \b(?:errors?|codes?|status|messages?|responses?|answers?|exceptions?|logs?|issue|\d{3})\s(?:you(?:'ve)?\s\w+\s)?(?:indicates?|means?|suggests?|tells?|implies|comes?\sfrom|happens?|occurs?|appears?)\b | ^\W*\((?:we|I|you|this|it|note|see)\s
    | \b(?:error|errors|issue|problem|outage|connection)\s(?:(?:has|have|is|was|were|been)\s)*(?:resolved|recovered|restored|re-?established)\b
    | ^\W{0,3}`[^`\s]+`\s[a-z]{3,}s\s(?!:) | \b(?:retry|retries|request|attempt)\ssucceeded\b | \bsucceeded\s(?:on|after)\s(?:the\s)?(?:\w+\s)?(?:attempt|retry|retries|\d+\s(?:attempts|retries))
    | \b(?:rejected|refused|repl(?:y|ies)|answers?|answered|rejects|refuses)\b.{0,20}\swith\san?\s[45]\d\d\b
    | (?<!probably\s)\bmeans\s(?:the|a|an|that|you|your)\s(?:\w+\s){1,3}(?:is|are|was|has|could|did)\b
    | \b(?:are|is)\snow\s | \blet(?:'s|\sme|\sus)\b | \bI(?:'ll|'ve|\swill|\sthink|\ssee|\sneed)\b
    """
)
_TALE = AnyOf(
    r"""(?i)
      ^\W*(?:and|but|so|also|then|yeah|hi|hey|hello|thanks|maybe|perhaps|interesting\w*|looks|seems|sounds)\b,?\s(?:\S+\s){4}
    | \bmeans\s(?:the|a|an|that|you|it|your)\b
    | ^\W*(?:if|when|whenever|unless)\s(?:\S+\s){3}\S+\W*$
    | \byou(?:\W?re|\sare)\sgetting\b | \b(?:common|possible|likely|usual)\s(?:reasons?|causes?)\b
    | ^\W*(?:if|when|whether|whenever|both|either|although|because|since|while|even)\s(?:\S+\s){5}
    | \b(?:constantly|keeps?|kept|always|still|also|just|been|am|was|started|stopped)\sgetting\b
    """
)
"""What no message of a program begins with, or has in it, unless it says who sends it."""
_SIGNS = re.compile(
    r"""(?ix)
      \b(?=[a-z])(?:
        (?P<who>(?-i:I\b)(?![/:=.]|\s[:=]) | (?:they|their|them|he|she|someone|anyone|people|users?|folks)\b)
      | (?P<we>(?:we|our|us)\b)
      | (?P<why>(?:because|since|so\sthat|which|whereas|whether|although|though|while|that's|thus|hence
        |therefore|as\ssuch|rather\sthan|instead|otherwise|in\sorder\sto|to\s(?:prevent|avoid|ensure)|as\slong\sas)\b)
      | (?P<hedge>(?:probably|maybe|perhaps|seems?|seemed|usually|sometimes|typically|generally|often|likely
        |actually|just|even|really|still|basically|simply|possibly|apparently|quite|very|pretty|never
        |always|ever|only|also|either|something|somehow|anything)\b)
      | (?P<modal>(?:would|could|should|might|ought)\b(?!\snot)|(?:don|doesn|isn|aren|won)'t\b)
      | (?P<told>(?:indicates?|means?|meant|suggests?|tells?|happens?|happened|causes|noticed|tried|wanted
        |used\sto|needs|wants|got|gets|makes?|made|keeps?|think|thought|know|found\sthat|looks?\slike|ran\sout
        |runs|worked|solved|became|becomes|enforces|ensures|imposes|introduces)\b)
      | (?P<that>(?:these|those|there|it's|it|that|such|any|same|own|each|every|both|several|many|few)\b)
      | (?P<when>(?:when|whenever|if|unless|once|where|how|why)\b)
      )
    | (?P<mark>\s`[^`]{1,60}`\s | \*\*\w | \s(?:—|--|→)\s | \((?:e\.g|i\.e|like|see|or|and)\b | \?\s*$)
    """
)
_PURE = re.compile(r"[\w\s,.;'\"()`!?%-]+(?:[/*]\w[\w\s,.;'\"()`!?%-]*)*")
_GERUND = re.compile(r"(?i)\b(?:when|while)\s\w+ing\b")
_LEAST_SENTENCE = 9
_WORD = re.compile(r"[^\W\d_]{2,}")
_NAMED = re.compile(
    r"""(?ix)^[^\w`]*(?:
      (?!(?:whether|if|when|how|why|what|problem|cause|root\scause|reason|note|update|edit|summary|context|background|also|result|question|idea|plan)\b)
        [\w./\[\]()<>@-]+(?:\s[\w./\[\]()<>@-]+){0,3}:\s
    | [\w.-]{1,40}\s+\|\s+[\[\d] | \d{2,4}[-/:]\d\d | [A-Z][a-z]{2}\s{1,2}\d{1,2}\s\d\d: | \[ | an?\s(?:client\s|server\s)?error\s(?:\(\w+\)\s)?occurred\b
    )"""
)
"""Messages begin with who sends them, or when."""
_MACHINE = re.compile(
    r"\b[0-9a-f]{16,}\b|\b0x[0-9a-f]{6,}\b|\b\w+=[\w.:/-]+[,)]|\b(?:ID|id|pid|IP): ?\S*\d|\b\d+\.\d{5,}\b|\b(?:PID|pid|rank|signal|code|status) \d"
)
"""What people leave out of their sentences."""
_TO_YOU = re.compile(r"(?i)\b(?:please|you|your|make\ssure|got\spermission)\b")


_ANNOUNCED = re.compile(
    r"(?i)^\W*(?:(?:sorry|error|notice|warning)\W+)?you(?:'ve|\u2019ve|\shave)\s(?:hit|reached|exceeded|used\sup|run\sout|exhausted)\b"
)
"""So tools tell what is over; people say so of themselves."""
_GOES_ON = re.compile(
    r"(?i)\b(?:retrying|reconnecting|waiting|sleeping|backing off|aborting|exiting|giving up)\W*$"
)
"""Tools end by what they do next."""
_ADVISED = re.compile(r"(?<=[\w)\]\"'][.!])\s+(?=(?-i:[A-Z]))")


def is_prose(line: str) -> bool:
    """Tell whether the line is a sentence about errors in general."""
    if _ANNOUNCED.match(line) is not None:
        return False
    # Messages end in advice: what to do if it happens again, whom to ask.
    spoken = _ADVISED.split(line, maxsplit=1)[0] if _TO_YOU.search(line) else line
    return _PROSE.found_in(spoken) or _is_told(line)


def is_sentence(line: str) -> bool:
    """Tell whether the line is nothing but words, with at least one of a tale among them."""
    text = line.strip()
    if (
        text.count("/") > 1
        or _PURE.fullmatch(text) is None
        or len(_WORD.findall(text)) < _LEAST_SENTENCE
        or _ANNOUNCED.match(text) is not None
        or _GOES_ON.search(text) is not None
        or _MACHINE.search(text) is not None
    ):
        return False
    return _SIGNS.search(_GERUND.sub("", text)) is not None and "lease" not in text


def _is_told(line: str) -> bool:
    """Tell whether the line has the small words of a tale, or of an explanation."""
    words = len(_WORD.findall(line))
    if words < _FEWEST_WORDS or _NAMED.match(line) or _MACHINE.search(line):
        return False
    if _TALE.found_in(line):
        return True
    if words < _LEAST_WORDS:
        return False
    signs = [match.lastgroup for match in _SIGNS.finditer(line)]
    kinds = len(set(signs)) - (_TO_YOU.search(line) is not None)
    return kinds >= _MANY or (kinds == _MANY - 1 and len(signs) >= words * _DENSE)
