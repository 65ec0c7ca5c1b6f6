"""People's names, found by the words that introduce them."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from chatbot.language.privacy_words import FIRST_NAMES, ORDINARY, ORDINARY_ENDINGS, SURNAMES

_LETTER = r"[^\W\d_]"
_WORD = rf"{_LETTER}(?:{_LETTER}|[\u0300-\u036f]|['’\-](?={_LETTER})){{0,40}}(?!\w)"
_FIRST = re.compile(rf"(?:(?:[A-Z]\. ?|[B-HJ-Z] ){{1,3}}(?={_LETTER}{{2}}))?(?P<word>{_WORD})")
_NEXT = re.compile(rf"(?P<gap>[ \xa0]{{1,2}}|\. (?={_LETTER}))(?P<word>{_WORD})")
_TITLE = re.compile(
    r"(?:(?:mr|dr) (?:and|&) )?(?:mr|mrs|ms|miss|mx|dr|prof|professor|sir|lady|rev|reverend)\b\.? ",
    re.IGNORECASE,
)
_PARTICLES = frozenset("al bin binti da de del della der di dos du el la le ibn mac mc o st van von zu".split())
_NAMES_BY_CAPITAL = frozenset("April August June May Will".split())
_MOST_WORDS = 4

_CUES = re.compile(
    r"""(?<![\w\]])(?=[^\W\d_])(?:
      (?P<named>(?:(?:my|his|her|their|our|full|first|last|second|middle|family|maiden|patient|sur
            |(?:husband|wife|son|daughter|mum|mother|dad|father|partner|patient)['’]?s)
          [ ]{0,2}name(?:['’]?s|[ ]is|[ ]was)?
          |the[ ]name[ ]is|name['’]s|(?:under|in)[ ]the[ ]name(?:[ ]of)?|(?:name|patient)(?=[ ]?[:=–-])
          |i(?:['’ ]?m|[ ]am)[ ](?:called|named)|known[ ]as|i[ ]go[ ]by)(?!\w))
      |(?P<me>(?:i(?:['’]?m|[ ]am)|calls?[ ]me|on[ ]behalf[ ]of|speaking[ ](?:with|to))(?!\w))
      |(?P<kin>(?:my|our)[ ](?:husband|wife|son|daughter|mum|mam|mother|dad|father|partner|brother|sister
          |friend|nan|gran|grandad|carer|boyfriend|girlfriend|baby|child)(?!\w))
      |(?P<this>(?:this[ ]is|its|it['’]s|it[ ]is)(?!\w))
      |(?P<bye>(?:regards|wishes|thanks|thank[ ]you|cheers|thx|ta|sincerely|faithfully|yours|love|soon)(?!\w))
      |(?P<title>(?:(?-i:Mr|Mrs|Ms|Miss|Mx|MRS|MR)|mrs?)(?!\w)\.?)
      |(?P<hello>(?:hi|hello|hey|morning|afternoon|evening)(?!\w)|\A)
    )[ \xa0]{0,2}[,.:=!–-]{0,2}\s{0,3}(?=[^\W\d_])""",
    re.IGNORECASE | re.VERBOSE,
)
_HERE = re.compile(r",?[ ](?:here|calling|speaking|again)\b", re.IGNORECASE)
# What follows an unlisted name, but seldom an adjective: "I'm Kwabena and", not "I'm Gluten free".
_PAUSE = re.compile(
    r"""[ ]?(?:[,.;:!?\n(\[–-]|\Z|(?:and|but|i|i['’]?[mdv]e?|im|my|we|from|here|calling|speaking|again|who
    |with|have|had|has|is|was|aged?|needs?|can|could|a|an|the|how|what|do|does|\d+)(?!\w))""",
    re.IGNORECASE | re.VERBOSE,
)
_AFTER_THIS = re.compile(r"[ ]?(?:,|\.|and[ ]i\b|i[ ]|from\b|here\b|calling\b|speaking\b|again\b)", re.IGNORECASE)
_CONTRACTION = re.compile(r"(?:['’](?:re|ve|ll|d|m)|n['’]t)\Z", re.IGNORECASE)
# A name signs off when nothing but other personal data follows. Not the mark of a name: that stands there
# only the second time, and would change the verdict.
_AT_END = re.compile(r"[\s.,!x]{0,4}(?:\Z|\n|\[(?!name))")


@dataclass(frozen=True)
class _Name:
    """Words that may be a name: where they lie, and the cue that introduced them."""

    text: str
    start: int
    end: int
    words: tuple[str, ...]
    cue: str

    @property
    def listed(self) -> bool:
        return _is_listed(self.words[0])

    @property
    def titled(self) -> bool:
        """Written as a name, does not end as adjectives do, and not every word of the text has a capital."""
        first = self.words[0]
        return _is_titled(first) and not _plain(first).endswith(ORDINARY_ENDINGS) and not self._in_headline

    @property
    def _in_headline(self) -> bool:
        follower = _NEXT.match(self.text, self.end)
        if follower is None or follower["gap"] == ". ":
            return False
        return len(follower["word"]) > 1 and follower["word"][0].isupper()

    def followed_by(self, pattern: re.Pattern[str]) -> bool:
        return pattern.match(self.text, self.end) is not None


def redact_names(text: str) -> str:
    """The text with the names that people give replaced by `[name]`."""
    parts: list[str] = []
    done = 0
    for cue in _CUES.finditer(text):
        name = _introduced(text, cue) if cue.end() >= done else None
        if name:
            parts += [text[done : name.start], "[name]"]
            done = name.end
    return "".join((*parts, text[done:]))


def _introduced(text: str, cue: re.Match[str]) -> _Name | None:
    """The name behind this cue, if the cue and the words agree that it is one."""
    kind = str(cue.lastgroup)
    title = _TITLE.match(text, cue.end())
    name = _words(text, title.end() if title else cue.end(), cue)
    if name is None:
        return None
    if title and (name.listed or _is_titled(name.words[0]) or kind == "named"):
        return replace(name, start=cue.end())
    return name if _RULES[kind](name) else None


def _words(text: str, start: int, cue: re.Match[str]) -> _Name | None:
    """The row of words that could be one name."""
    first, kind = _FIRST.match(text, start), str(cue.lastgroup)
    if first is None or _is_ordinary(first["word"], kind):
        return None
    words, end = [first["word"]], first.end()
    while len(words) < _MOST_WORDS and (follower := _NEXT.match(text, end)):
        if not _continues(words, follower["word"], kind):
            break
        words.append(follower["word"])
        end = follower.end()
    return _Name(text, start, end, tuple(words), cue.group().lower())


def _is_ordinary(word: str, kind: str) -> bool:
    if kind in ("named", "me") and word in _NAMES_BY_CAPITAL:
        return False
    return _plain(word) in ORDINARY or _CONTRACTION.search(word) is not None


def _continues(words: list[str], word: str, kind: str) -> bool:
    plain = _plain(word)
    if plain in _PARTICLES or plain in SURNAMES:
        return True
    if plain in ORDINARY:
        return False
    lead = next((first for first in words if _plain(first) not in _PARTICLES), "")
    if _is_listed(word) or plain.startswith(("mc", "o'")):
        return True
    if _is_titled(lead or word):
        return _is_titled(word)
    # "my name is margaret pike": behind a sure first name in small letters one more word goes, any word.
    sure = kind == "named" or (kind in ("me", "this", "hello") and _is_listed(words[0]))
    return sure and len(words) == 1


def _plain(word: str) -> str:
    return word.lower().replace("’", "'").removesuffix("'s")


def _is_listed(word: str) -> bool:
    plain = _plain(word)
    return plain in FIRST_NAMES or plain.partition("-")[0] in FIRST_NAMES


def _is_titled(word: str) -> bool:
    return word[0].isupper() and not word.isupper()


def _is_named(name: _Name) -> bool:
    """Any word behind "my name is"; behind a bare "name", what looks like one ("his name escapes me")."""
    return len(name.words[-1]) > 1 and (_looks_like(name) or not name.cue.rstrip().endswith("name"))


def _looks_like(name: _Name) -> bool:
    return name.listed or (name.titled and (len(name.words) > 1 or name.followed_by(_PAUSE)))


def _is_this(name: _Name) -> bool:
    if name.listed or not name.titled:
        return name.listed
    return len(name.words) > 1 or name.followed_by(_AFTER_THIS if name.cue.startswith("this") else _HERE)


def _signs_off(name: _Name) -> bool:
    if name.listed or not name.followed_by(_AT_END):
        return name.listed
    own_line = "," in name.cue or "\n" in name.cue
    return name.titled or (own_line and name.cue.startswith("regards"))


def _is_titled_person(name: _Name) -> bool:
    return _is_titled(name.words[0]) or _plain(name.words[0]) in SURNAMES


def _is_here(name: _Name) -> bool:
    return (name.listed or name.titled) and name.followed_by(_HERE)


_RULES: dict[str, Callable[[_Name], bool]] = {
    "named": _is_named,
    "me": _looks_like,
    "kin": _looks_like,
    "this": _is_this,
    "bye": _signs_off,
    "title": _is_titled_person,
    "hello": _is_here,
}
