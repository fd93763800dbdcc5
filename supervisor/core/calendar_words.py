"""Names of months, weekdays and near days, in the languages that runners and vendors print."""

import re
from collections.abc import Iterable

_MONTH_NAMES: tuple[str, ...] = (
    "january jan januar janvier janv enero ene janeiro gennaio januari января",
    "february feb februar février fevrier févr fevr febrero fevereiro fev febbraio februari февраля",
    "march mar märz mär mrz mars marzo março maart марта",
    "april apr avril avr abril abr aprile апреля",
    "may mai mayo maio maggio mei мая",
    "june jun juni juin junio junho giugno июня",
    "july jul juli juillet juil julio julho luglio июля",
    "august aug août aout agosto ago augustus августа",
    "september sept sep septembre septiembre setembro settembre сентября",
    "october oct oktober okt octobre octubre outubro ottobre октября",
    "november nov novembre noviembre novembro ноября",
    "december dec dezember dez décembre decembre déc diciembre dic dezembro dicembre декабря",
)
_MONTHS = {name: at for at, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}
# Words of other meaning in English: months only where a day stands before them.
_MONTHS_AFTER_DAY = _MONTHS | {"gen": 1, "mag": 5, "giu": 6, "lug": 7, "ott": 10}

_WEEKDAY_NAMES: tuple[str, ...] = (
    "monday mon montag lundi lunes lunedì segunda-feira понедельник 星期一 周一 週一 月曜日 월요일",
    "tuesday tues tue dienstag mardi martes martedì terça-feira вторник 星期二 周二 週二 火曜日 화요일",
    "wednesday wednes wed mittwoch mercredi miércoles mercoledì quarta-feira среду 星期三 周三 週三 水曜日 수요일",
    "thursday thurs thur thu donnerstag jeudi jueves giovedì quinta-feira четверг 星期四 周四 週四 木曜日 목요일",
    "friday fri freitag vendredi viernes venerdì sexta-feira пятницу 星期五 周五 週五 金曜日 금요일",
    "saturday satur sat samstag samedi sábado sabato субботу 星期六 周六 週六 土曜日 토요일",
    "sunday sun sonntag dimanche domingo domenica воскресенье 星期日 周日 週日 星期天 周天 日曜日 일요일",
)
_WEEKDAYS = {name: at for at, names in enumerate(_WEEKDAY_NAMES) for name in names.split()}
_NEAR_DAYS = {
    name: ahead
    for ahead, names in (
        (0, "today tonight heute hoy hoje oggi сегодня 今天 今日 오늘"),
        (1, "tomorrow morgen demain mañana amanhã domani завтра 明天 明日 내일"),
    )
    for name in names.split()
}


def _either(words: Iterable[str]) -> str:
    """Return a pattern of all ``words``, longer ones first: ``march`` must not end at ``mar``."""
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


MONTH = rf"(?:(?:{_either(_MONTHS)})(?![^\W\d_])\.?)"
"""Regular expression of a month's name that may stand before the day."""
MONTH_AFTER_DAY = rf"(?:(?:{_either(_MONTHS_AFTER_DAY)})(?![^\W\d_])\.?)"
"""Regular expression of a month's name after the day: some are common words otherwise."""
WEEKDAY = rf"(?:(?:{_either(_WEEKDAYS)})(?![^\W\d_])\.?)"
"""Regular expression of a weekday's name."""
NEAR_DAY = rf"(?:(?:{_either(_NEAR_DAYS)})(?![a-zA-Z]))"
"""Regular expression of a word for today or tomorrow."""


def month_of(name: str) -> int:
    """Return the number of the month ``name``, 1 to 12.

    Raises:
        KeyError: it is none that ``MONTH_AFTER_DAY`` matches.
    """
    return _MONTHS_AFTER_DAY[name.lower().rstrip(".")]


def weekday_of(name: str) -> int:
    """Return the number of the weekday ``name``, Monday is 0.

    Raises:
        KeyError: it is none that ``WEEKDAY`` matches.
    """
    return _WEEKDAYS[name.lower().rstrip(".")]


def days_ahead(name: str) -> int:
    """Return 0 for a word that means today, 1 for tomorrow.

    Raises:
        KeyError: it is none that ``NEAR_DAY`` matches.
    """
    return _NEAR_DAYS[name.lower()]
