"""Full dates, and dates of birth in whatever form follows "born" or "DOB"."""

import re

_EDGE, _END = r"(?<![\w\]/.-])", r"(?:T[\d:.]{2,12}Z?)?(?![\w\[])"
_DIGIT = re.compile(r"\d")
_D, _M = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])"
_YEAR = r"(?:19|20)\d\d"
_SHORT_YEAR = rf"(?:{_YEAR}|['’]?\d\d)"
_DAY = rf"{_D}[ ]?(?:st|nd|rd|th)?"
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_GAP = r"[ ,.\-/\xa0]{1,3}"
_ANY_GAP = r"[ ,.\-/\xa0]{0,3}"
_DAY_MONTH = rf"{_DAY}{_GAP}(?:of[ ])?{_MONTH}"
_MONTH_DAY = rf"{_MONTH}{_GAP}(?:the[ ])?{_DAY}"


def _whole(tag: str) -> str:
    """The forms of a whole date; `tag` keeps the group names of two copies apart."""
    return (
        rf"{_D}(?P<sep{tag}>[ ]?[/.\-–][ ]?){_M}(?P=sep{tag}){_SHORT_YEAR}"  # 14/03/1962, 7.11.71
        rf"|{_D}[ ]{_M}[ ]{_YEAR}"  # 14 03 1962
        rf"|{_M}(?P<us{tag}>[/-]){_D}(?P=us{tag}){_YEAR}"  # 03/14/1962
        rf"|{_YEAR}(?P<iso{tag}>[-/.]){_M}(?P=iso{tag}){_D}"  # 1962-03-14
        rf"|{_DAY}{_ANY_GAP}(?:of[ ])?{_MONTH}{_ANY_GAP}{_SHORT_YEAR}"  # 3rd of March, 1958; 3mar58
        rf"|{_MONTH_DAY}{_GAP}(?:{_YEAR}|['’]\d\d)"  # March 3rd 1958
    )


# Behind a cue, less is enough: "born 3rd of March", "DOB 140362", "born in '62".
_PART = (
    rf"{_whole('_born')}|{_DAY}[ ]of[ ](?:the[ ])?{_M}(?:st|nd|rd|th),?[ ]{_SHORT_YEAR}|{_D}[ ]{_M}[ ]\d\d"
    rf"|\d{{8}}|\d{{6}}|{_DAY_MONTH}|{_MONTH_DAY}|{_MONTH}{_GAP}{_SHORT_YEAR}|{_M}[/-]{_YEAR}|{_YEAR}"
    rf"|['’]\d\d|{_D}/{_M}"
)
_CUE = (
    r"(?<![\w\]])(?:d\.?o\.?b\.?|d of b|(?:date|year|month) of birth|birth ?(?:date|day|year)|b-?day|born)"
    r"[ ]?(?:is|was|:|=|-|–)?[ ]?(?:on|in|the)?[ ]?(?:the[ ])?"
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?[ ])?"
)
# A whole date needs no cue: it points at one day of one person. Only what may begin either is looked at.
_DATE = re.compile(
    rf"(?=[\dabdfjmnosy])(?:(?P<cue>{_CUE})(?:{_PART}){_END}|{_EDGE}(?:{_whole('')}){_END})", re.IGNORECASE
)

_ORDINAL = (
    r"(?:(?:twenty|thirty)[ -])?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)"
    r"|tenth|eleventh|twelfth|(?:thir|four|fif|six|seven|eigh|nine)teenth|twentieth|thirtieth"
)
_SAID_YEAR = r"(?:nineteen|twenty|two[ ]thousand)(?:[ -](?:and[ ])?[a-z]{3,9}){1,2}"
# What every said date has; looked for first because it is quick.
_SAID_SIGNS = (
    *("nineteen", "twenty", "thousand"),
    *(f" of {month}" for month in ("ja", "feb", "mar", "apr", "may", "ju", "aug", "sep", "oct", "nov", "dec")),
)
_SAID = re.compile(
    rf"(?<![\w\]])(?:{_ORDINAL}|{_DAY})[ ](?:of[ ])?{_MONTH},?[ ](?:{_SAID_YEAR}|{_YEAR})(?![\w\[])",
    re.IGNORECASE,
)


def redact_dates(text: str) -> str:
    """The text with whole dates and dates of birth replaced by `[date]`."""
    lower = text.lower()
    if any(sign in lower for sign in _SAID_SIGNS):
        text = _SAID.sub("[date]", text)
    if _DIGIT.search(text):
        text = _DATE.sub(lambda match: (match["cue"] or "") + "[date]", text)
    return text
