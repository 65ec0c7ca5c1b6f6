"""Normalising: one plain form of whatever a person typed."""

import re
import unicodedata

_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "ʼ": "'", "＇": "'"})
_CONTRACTIONS = (
    (re.compile(r"\b(can)'?t\b|\bcannot\b"), "can not"),
    (re.compile(r"\b(won)'?t\b"), "will not"),
    (
        re.compile(r"\b(do|does|did|is|are|was|were|have|has|had|could|would|should|must|need)n'?t\b"),
        r"\1 not",
    ),
    (re.compile(r"\b(what|who|where|how|when|why|that|it|there|here)'?s\b(?<!\bits)"), r"\1 is"),
    (re.compile(r"\b(what|who|how|where)'?re\b"), r"\1 are"),
    (re.compile(r"\b(i)'m\b|\bim\b"), "i am"),
    (re.compile(r"\b(i|you|we|they)'ve\b|\b(i)ve\b"), r"\1\2 have"),
    (re.compile(r"\b(i|you|we|they|he|she|it)'(?:ll)\b"), r"\1 will"),
    (re.compile(r"\b(you|we|they)'re\b"), r"\1 are"),
    (re.compile(r"\b(i|you|we|they|he|she)'d\b"), r"\1 would"),
)
_WITHOUT_APOSTROPHE = frozenset(
    "cant cannot wont dont doesnt didnt isnt arent wasnt werent havent hasnt hadnt couldnt wouldnt shouldnt mustnt "
    "neednt whats whos wheres hows whens whys thats theres heres whatre whore howre wherere im ive "
    "youve weve theyve".split()
)
_ACCENT = re.compile("[\u0300-\u036f]")
_UNSEEN = frozenset({"Cf", "Cn", "Cs", "Co"})
_NOT_WORDS = re.compile(r"[^\w\u0900-\u0dff']+|_+|(?<!\w)'|'(?!\w)")
_WORD = re.compile(r"\w+")
_POSSESSIVE = re.compile(r"'s\b")


def fold(text: str) -> str:
    """The text in one Unicode form, without what cannot be seen.

    Compatibility forms are unified (NFKC), accents dropped, control, format (zero-width, direction
    marks) and unassigned characters removed.
    """
    unified = unicodedata.normalize("NFKC", text.translate(_APOSTROPHES))
    if unified.isascii():
        visible = unified
    else:
        apart = unicodedata.normalize("NFD", unified)
        visible = "".join(c for c in apart if not _ACCENT.match(c) and unicodedata.category(c) not in _UNSEEN)
    if visible.isprintable():
        return visible
    return "".join(c if c.isprintable() else " " for c in visible)


def normalise(text: str) -> str:
    """Lower-case words with single spaces: what the matcher, the speller and the lexicon compare.

    Contractions are written out ("what's" becomes "what is"), punctuation and emoji become spaces.
    """
    plain = fold(text).lower()
    if "'" in plain or not _WITHOUT_APOSTROPHE.isdisjoint(_WORD.findall(plain)):
        for pattern, full in _CONTRACTIONS:
            plain = pattern.sub(full, plain)
        plain = _POSSESSIVE.sub("", plain)
    return " ".join(_NOT_WORDS.sub(" ", plain).split())
