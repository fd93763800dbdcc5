"""Words beside a time that make it a wait: ``try again in …``, ``resets …``, ``… 后重试``."""

# ruff: noqa: RUF001 - words and marks of other alphabets are meant as they are

import re
from enum import IntEnum

from supervisor.core.patterns import Pattern


class Says(IntEnum):
    """Who says when to go on; the lower the more binding."""

    ASKED = 0
    """The other side says when to try again."""
    RESET = 1
    """It says when the limit ends."""
    HEADER = 2
    """A header says when some budget is full again; there are several budgets."""
    OURS = 3
    """The client says how long it waits on its own account."""


_LOOK_BACK = 110
_LOOK_AHEAD = 60

_ASKED = (
    r"(?:try|use|send|ask|reach)(?:ing)?\b[^.;\n]{0,40}?\bagain|re-?try(?:[\s-]+(?:delay|wait|time))?|re-?(?:tries|submit|send|attempt|run|connect)"
    r"|come\s+back|please\s+return|please\s+wait|must\s+wait|wait(?:\s+time)?|hold\s+off|slow\s+down|available|accessible|allowed\s+again|another\s+(?:request|call|attempt|message|try)|unlocked"
    r"|back(?:\s+(?:online|up))?|restored?|restoration|lifted|unblocked|unbanned|resumed?s?|continue|next\s+(?:request|attempt|try|retry|window)"
    r"|(?:ban|block|penalty|cool-?down|limit|restriction|suspension|throttl\w+|hold|lockout|timeout\s+period)\s+(?:\w+\s+)?(?:expires?|ends?|is\s+over)"
    r"|cool(?:ing)?[\s_-]?(?:down|off)"
    r"|(?:versuch|probier)\w*(?:\s+sie)?(?:\s+es)?|warten?(?:\s+sie)?|r[ée]essaye[rz]|patiente[rz]|attende[rz]|inténte\w*(?:\s+de\s+nuevo)?|intent\w+(?:\s+de\s+nuevo|\s+nuevamente)?"
    r"|vuelv\w+\s+a\s+intentar\w*|esper[ea]r?|tent[ea]r?(?:\s+novamente)?|aguarde|riprova\w*|attend[ie]|probeer\s+het|wacht"
    r"|повтор\w+|попробуйте|подождите|spróbuj\w*(?:\s+ponownie)?"
)
_RESET = (
    r"until|till|re-?sets?|resetting|renew(?:s|ed|al)?|refresh(?:es|ed)?|replenish(?:es|ed)?|refill(?:s|ed)?|roll(?:s|ed)?\s+over|starts?\s+over"
    r"|zurückgesetzt|erneuert|réinitialis\w+|renouvel\w+|restablec\w+|reinici\w+|redefini\w+|renov\w+|ripristin\w+|обновит\w*|сброс\w*|сбрасыва\w*"
)
_OURS = (
    r"retrying|sleep(?:ing|s)?|(?:back(?:ing)?[\s_-]?off|backoff|wait)ing?|waiting|(?:will|going\s+to)\s+(?:be\s+)?re-?tr(?:y|ied)|next\s+(?:retry|attempt|try)"
    r"|paus(?:e|ing)|delaying|re-?connecting|back(?:ing)?[\s_-]?off|re-?try\s+\#?\d+(?:\s*/\s*\d+|\s+of\s+\d+)?|re-?try\s+attempt"
)
_EDGE, _END = r"(?<![^\W_])(?<![\w-]_)", r"(?![^\W_])"
_BEFORE = Pattern(
    rf"(?i){_EDGE}(?:(?P<ours>{_OURS})|(?P<asked>{_ASKED})|(?P<reset>{_RESET})){_END}"
)
_CJK_BEFORE = Pattern(
    r"(?P<asked>请|請|等待|稍候|お待ち|待って)|(?P<reset>重置|恢复|恢復|刷新|更新|解除|リセット|초기화|将在|將在|将于|將於|会在|會在)"
)

_NO_WAIT = Pattern(
    r"""(?ix) \b (?: timed?[\s-]?\s*out | timeout(?!\s+period) | took | taking | elapsed | ago | every | per | each | ran | running | spent | uptime
      | (?:last|past|previous)(?!\s+attempt) | since | failed\s+after | gave\s+up | giving\s+up | waited | lasts? | lasted | lasting | valid | cached? | ttl
      | within\s+the | window\s+(?:of|is) | (?:max|min)(?:imum)?\s+(?:\w+\s+)?(?:wait|delay|backoff|retry) | interval | duration | latency | deadline
      | was | were | been | connection | tokens?\s+(?:expires?|valid) | started | began | created | logged | line | up\s+for | passwords? )\b"""
)
_NO_CUE = Pattern(
    r"""(?ix) (?: \b (?: was | were | been | last | previous | connection | hard | soft | gpu | device | git | password | valid | total | base
      | initial | default | max\w* | min\w* | (?<!again\s)after ) \W+ (?:\w+\W+)?
      | \b (?: no | not | never | without | (?:failed|failing|unable)\s+to | cannot | can't | could\s+not ) \W+ ) $"""
)
_LINKS_SPAN = Pattern(
    r"""(?ix) (?: \b(?: in | after | for | within | another | about | around | approximately | approx\.? | roughly | nearly | than | least | most | next
      | of | is | be | to | by | additional | further | extra | dans | en | em | tra | fra | za | over | через | für | nach | noch | pendant | durante
      | von | etwa | environ | unos | cerca\s+de | per ) | [~≈:=+(\[约約] | 还需 | 将在 | 在 | \|\s )
      (?: \s+(?:a|an|the|another|at|least|about|around|approximately|approx\.?|roughly|up|to|~|ca\.?|etwa|environ))* \W* $"""
)
_LINKS_MOMENT = Pattern(
    r"""(?ix) (?: \b(?: at | on | after | until | till | by | in | from | before | time | date | is | be | um | am | ab | à | le | el | a\s+las? | em | às | il | alle
      | op | om | kl | в | to | around | about | approximately | not\s+before ) | [:=|·∙•(\[~] | 将在 | 于 | 於 | 在 | [-–—] ) \W* $"""
)
_FEW_WORDS = Pattern(r"\W*(?:[\w'’/-]+\W+){0,2}")
_FILLER = Pattern(
    r"(?i)\W*(?:(?:it|again|requests?|will|be|is|are|for|time|the|next|limits?|window|after|at|on|in|by|until|till|from|your|(?:usage|rate|quota)|not|before|"
    r"earliest|local|utc|possible|back|only|reset|around|about|approximately|this|the\s+day|access)\b\W*){0,7}"
)
_CLAUSE = Pattern(r"[;\n。!！?？]|(?<!a\.m)(?<!p\.m)(?<!\be\.g)\.\s+(?=\S)")

_THEN = Pattern(
    r"""(?ix) ^\W{0,3} (?: (?:more|left|remaining|later)\W+ )* (?: (?:before|until|till|to|and\s+then|then|prior\s+to) \W+ (?:\w+\W+){0,4}?
        (?P<asked1> re-?try\w* | try\w* | request\w* | continu\w+ | resum\w+ | attempt\w* | send\w* | submit\w* | another | again | making | next | wait )
      | (?:until|till|before|to) \W+ (?:\w+\W+){0,4}? (?P<reset1> reset\w* | limit\w* | quota | refresh\w* | renew\w* ) )
    | ^\s* (?: 后|後|之后|之後|以后|以後|내|후|뒤|이후 ) \W{0,3} \w{0,4}? \s? (?: (?P<asked2> 重试|重試|再|もう一度|お試し|다시|재시도 )
        | (?P<reset2> 重置|恢复|恢復|刷新|更新|解除|可用|リセット|초기화 ) )
    | ^\s* (?: erneut|wieder|nochmal|opnieuw|sonra ) \b (?P<asked3>)"""
)
_LATER = Pattern(r"(?i)^\W{0,2}later\b")
_MOMENT_THEN = Pattern(
    r"^\s*(?:之?[后後]|に|から|以降|まで|前后|에|부터)?\s*(?:自动|自動|再次)?(?P<reset>重置|恢复|恢復|刷新|更新|解除|可用|重試|重试|再試行|リセット|解除|초기화|다시)"
)
_AT = Pattern(r"(?i)\b(?:at|on|from|after|am|um|le|à|el|em|às|il|в)\W*$")
_ANNOUNCED = Pattern(
    rf"(?i)^\W{{0,3}}(?:\w+\W+){{0,4}}?(?:will\s+)?(?:be\s+)?(?:{_RESET}|restored|lifted){_END}"
)
_NOT_AFTER = Pattern(
    r"(?i)^\s*(?:ago\b|elapsed|time-?out|window|old\b|per\b|/\s?\w|so\s+far|limit\b|intervals?\b|deadline|of\s+(?:uptime|runtime|silence)|passed|-?long\b|budget)"
)


def said_of_span(text: str, start: int, end: int) -> Says | None:
    """Return who says that the span ``text[start:end]`` is a wait; None: it is another duration."""
    after = text[end : end + _LOOK_AHEAD]
    if text[end - 1] != "." and _NOT_AFTER.match(after):
        return None
    before = _clause_before(text, start)
    says = _cue(before, _LINKS_SPAN)
    if says is not None:
        return says
    then = _THEN.match(after)
    if then is not None and not _NO_WAIT.search(before[-24:]):
        return Says.RESET if then["reset1"] or then["reset2"] else Says.ASKED
    if _LATER.match(after) and re.search(r"(?i)\bagain\W+(?:\w+\W+){0,3}$", before):
        return Says.ASKED
    return None


def said_of_moment(text: str, start: int, end: int) -> Says | None:
    """Return who says that the moment ``text[start:end]`` ends a wait; None: it is another time."""
    before = _clause_before(text, start)
    says = _cue(before, _LINKS_MOMENT, moment=True)
    if says is not None:
        return says
    then = _MOMENT_THEN.match(text[end : end + _LOOK_AHEAD])
    return Says.RESET if then is not None else _announced(before, text[end : end + _LOOK_AHEAD])


def _announced(before: str, after: str) -> Says | None:
    """Read «At 6 AM your limit resets»: the preposition tells it from a time stamp."""
    if _AT.search(before) is None:
        return None
    return Says.RESET if _ANNOUNCED.match(after) else None


def _clause_before(text: str, start: int) -> str:
    """Return what stands before ``start`` in the same clause."""
    before = text[max(0, start - _LOOK_BACK) : start]
    cuts = list(_CLAUSE.finditer(before))
    return before[cuts[-1].end() :] if cuts else before


def _cue(before: str, links: Pattern, *, moment: bool = False) -> Says | None:
    """Return what the last cue in ``before`` says, if what follows it links it to the time."""
    cues = [*_BEFORE.finditer(before), *_CJK_BEFORE.finditer(before)]
    if not cues:
        return None
    found = max(cues, key=lambda cue: cue.end())
    gap = before[found.end() :]
    if _NO_WAIT.search(gap) or _NO_CUE.search(before[: found.start()]):
        return None
    close = (_FILLER if moment else _FEW_WORDS).fullmatch(gap) is not None
    if not close and links.search(gap) is None:
        return None
    groups = found.groupdict()
    if groups.get("ours"):
        return Says.OURS
    return Says.ASKED if groups.get("asked") else Says.RESET
