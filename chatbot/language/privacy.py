"""Redaction: personal data is taken out of a text before anything stores it.

Each stage replaces what it finds by a mark such as `[phone]`. Two rules keep `redact` idempotent and linear.
No pattern reads across a mark: a bracket ends every gap and counts as a word character at every edge, so a
mark never brings two things together. And every repetition is bounded or begins at an edge, so no stretch of
text is read again and again.

Not found: a name that nothing introduces, one in small letters that is on no list, and street addresses.
"""

import re

from chatbot.language.privacy_dates import redact_dates
from chatbot.language.privacy_names import redact_names
from chatbot.language.privacy_numbers import redact_numbers, redact_spoken_numbers

_DIGIT = re.compile(r"\d")

_LINK = re.compile(
    r"""(?<![\w\]])(?:[a-z]{2,10}://|www\.)[^\s\[\]<>"]*[^\s\[\]<>".,;:!?)']""",
    re.IGNORECASE,
)
_DOMAIN = re.compile(
    r"""(?<![\w\]@.-])(?:[a-z0-9-]{1,63}\.){1,5}
    (?:(?:com|org|net|uk|eu|io|london|health|clinic)(?:/[^\s\[\]<>"]*[^\s\[\]<>".,;:!?)'])?
      |(?:ly|gl|be|me|co|gg)/[^\s\[\]<>"]*[^\s\[\]<>".,;:!?)'])
    (?![\w\[@-])""",
    re.IGNORECASE | re.VERBOSE,
)
_EMAIL = re.compile(r"(?<![\w\].+%'-])[\w.+%'-]+ ?@ ?(?:[\w-]{1,63}\.){1,5}[\w-]{2,24}(?![\w\[])")
# Said aloud or written to dodge robots: "bev dot harris at example dot com", "bev (at) gmail.com".
_SAID_EMAIL = re.compile(
    r"""(?<![\w\]])[\w.+-]{1,64}(?:[ ]{1,2}(?:dot|underscore|dash|hyphen)[ ]{1,2}[\w.-]{1,64}){0,4}
    [ ]{0,2}(?:[ ]at[ ]|[(\[]at[)\]]|@)[ ]{0,2}
    (?:[\w-]{1,63}[ ]{0,2}(?:(?:[ ]dot[ ]|[(\[]dot[)\]])[ ]{0,2}
        (?:com?|org|net|uk|ac|nhs|gov|edu|eu|io|info|me|ie|fr|de|pl|ro|it|es|pt)(?!\w)){1,3}
      |(?:gmail|googlemail|hotmail|outlook|yahoo|icloud|btinternet|aol|protonmail)(?:\.[a-z]{2,3}){0,2})
    (?![\w\[])""",
    re.IGNORECASE | re.VERBOSE,
)
# What every link and every said address has; looked for first because it is quick.
_LINK_SIGNS = ("://", "www.")
_SAID_EMAIL_SIGNS = (
    *("dot ", "dot)", "dot]", "gmail", "googlemail", "hotmail", "protonmail"),
    *("outlook", "yahoo", "icloud", "btinternet", "aol"),
)

# The 124 postcode areas, so that "T12 2nd" or "C5 6th" are never read as addresses.
_AREA = (
    "AB|AL|B[ABDHLNRST]?|C[ABFHMORTVW]|D[ADEGHLNTY]|E[CHNX]?|F[KY]|G[LUY]?|H[ADGPRSUX]|I[GMPV]|JE|K[ATWY]"
    "|L[ADELNSU]?|M[EKL]?|N[EGNPRW]?|O[LX]|P[AEHLOR]|R[GHM]|S[AEGKLMNOPRSTWY]?|T[ADFNQRSW]|UB|W[ACDFNRSV]?|YO|ZE"
)
_POSTCODE = re.compile(
    rf"""(?<![\w\]])(?:
      (?P<out>(?:{_AREA})\d[A-Z\d]?)[ \xa0-]{{0,2}}\d(?P<unit>[ABD-HJLNP-UW-Z]{{2}})
      |GIR[ ]?0AA
    )(?![\w\[])""",
    re.IGNORECASE | re.VERBOSE,
)
# "S1 2nd opinion", "L5 2hr drive", "B12 1st dose": what follows a level or a vitamin.
_NOT_UNITS = frozenset("st nd rd th hr yr ft lb pt bd gb tb xl".split())
_LEVEL = re.compile(r"[A-Z]\d|B12", re.IGNORECASE)
_ADDRESS_CUE = re.compile(r"(?:post ?code|address|live (?:in|at))[^\d\[\]]{0,12}\Z", re.IGNORECASE)


def redact(text: str) -> str:
    """The text with personal data replaced by marks: `[phone]`, `[email]`, `[name]` and so on."""
    text = _redact_links(text)
    text = redact_spoken_numbers(text)
    text = redact_dates(text)
    if _DIGIT.search(text):
        text = _POSTCODE.sub(_postcode_mark, text)
        text = redact_numbers(text)
    return redact_names(text)


def _redact_links(text: str) -> str:
    lower = text.lower()
    if any(sign in lower for sign in _LINK_SIGNS):
        text = _LINK.sub("[link]", text)
    if "@" in text:
        text = _EMAIL.sub("[email]", text)
    if any(sign in lower for sign in _SAID_EMAIL_SIGNS):
        text = _SAID_EMAIL.sub("[email]", text)
    return _DOMAIN.sub("[link]", text) if "." in text else text


def _postcode_mark(match: re.Match[str]) -> str:
    """The mark, unless it is more likely a spinal level or a vitamin and no address is spoken of."""
    if not _LEVEL.fullmatch(match["out"] or "") or match["unit"].lower() not in _NOT_UNITS:
        return "[postcode]"
    cue = _ADDRESS_CUE.search(match.string, max(0, match.start() - 40), match.start())
    return "[postcode]" if cue else match.group()
