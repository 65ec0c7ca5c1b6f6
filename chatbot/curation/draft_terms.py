"""What an article speaks about: conditions, parts of the body, treatments and scans, with their other names."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

Sort = Literal["condition", "part", "treatment", "scan"]

#: The words that tell what a noun phrase is, wherever articles for patients are written.
_HEADS: dict[Sort, str] = {
    "condition": (
        r"syndrome|tears?|impingement|disease|disorder|fracture|sprain|stenosis|hernia|cyst|infection|deficiency|"
        r"\w+(?:itis|opathy|osis|algia|ica|emia|oma)"
    ),
    "part": (r"muscles?|nerves?|tendons?|bursa|bones?|ligaments?|joints?|cartilage|discs?|tuberosity|plexus|fascia"),
    "scan": r"mri|ultrasound|x-?rays?|ct|scans?|sonogra\w+|radiograph\w*",
    "treatment": (
        r"injections?|surgery|therapy|physiotherapy|tenotomy|fenestration|plasma|prp|aspiration|lavage|"
        r"\w+(?:otomy|ectomy|plasty|scopy)"
    ),
}
_Patterns = list[tuple[Sort, re.Pattern[str]]]
_SORTS: _Patterns = [(sort, re.compile(rf"(?:{words})")) for sort, words in _HEADS.items()]
#: What a definition says a thing is, where its own name does not tell.
_KINDS: _Patterns = [
    ("part", re.compile(r"\b(?:muscles?|nerves?|tendons?|bones?|sac|ligaments?|joints?|organ|gland)\b")),
    ("condition", re.compile(r"\b(?:condition|syndrome|symptoms|disease|disorder|inflammation|pain)\b")),
    ("treatment", re.compile(r"\b(?:treatment|procedure|injection|operation|medicine|therapy)\b")),
]
_STOP = frozenset(
    "a about an and any are around article as at be because by can cause causes common condition could deep each "
    "every for from go good guided has have help helps his how if in include includes including into is it its "
    "large learn major may more most multiple of on one options or other our out own please rare read same see "
    "several should small some such than that the their there these they this to under upon use used using "
    "usually very was were what when where which will with within would your lower upper inflamed special useful "
    "following adjacent external associated result results perform performing performs administer administering "
    "called top bottom back front inner outer ultrasound-guided image-guided ct-guided".split()
)
_NO_CONDITION = frozenset("diagnosis prognosis analysis basis dosis emphasis hypothesis coma america".split())
#: Heads that say nothing alone: "the muscle" is one that was named before.
PLAIN_HEADS = re.compile(
    r"(?:muscle|nerve|tendon|bone|joint|ligament|disc|scan|injection|syndrome|tear|bursa|ct|disease|therapy)s?"
)

_TOKEN = re.compile(r"[A-Za-z0-9]+(?:[-'’][A-Za-z0-9]+)*")
_DEFINED = re.compile(
    r"^(?:the |an? )?(?P<name>[\w-]+(?: [\w-]+){0,3}?) (?:is|are|refers? to) "
    r"(?P<what>(?:an?|the|one of|back|pain)\b.*)$",
    re.IGNORECASE,
)
_NAME = r"[\w-]+(?: [\w-]+){0,3}"
_GLOSS = re.compile(rf"(?P<name>{_NAME}) \((?:the |an? )?(?P<other>(?!called){_NAME})\)")
_REFERRED = re.compile(rf"(?:referred to as|known as|called) [\"'“‘]?(?:the |an? )?(?P<name>{_NAME})", re.IGNORECASE)
_COUNTED = re.compile(r"(?:injection|tear|fracture|cyst|sprain|hernia|otomy|ectomy|scan|x-ray)$")
_CLAUSE = re.compile(r"[,;:.()/\"“”]|\b(?:and|or|of|in|with|under|which|that|as|into|for)\b")
_EITHER = re.compile(r"\b([\w-]{6,})/([\w-]{6,})\b")
_MOST_WORDS = 3


@dataclass(frozen=True)
class Term:
    """A thing and the names under which the article mentions it, in small letters; the first is the one to show."""

    sort: Sort
    names: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name to show: abbreviations in capitals."""
        return " ".join(_shown(word) for word in self.names[0].split())

    @property
    def one(self) -> str:
        """The name as the object of a question: with an article where one can count it."""
        if not _COUNTED.search(self.names[0]):
            return self.name
        return f"{'an' if self.names[0][0] in 'aeiou' else 'a'} {self.name}"

    def mentioned(self, sentence: str) -> bool:
        """Whether a sentence speaks about it under one of its names."""
        plain = _plain(sentence)
        return any(re.search(rf"\b{re.escape(name)}(?:s|es)?\b", plain) for name in self.names)


def find_terms(headings: Sequence[str], sentences: Sequence[str]) -> tuple[Term, ...]:
    """The terms of an article, those of headings and definitions first, then by how often they are mentioned."""
    found: dict[str, Sort] = {}
    for name, sort in _candidates(headings, sentences):
        found.setdefault(_single(name), sort)
    glosses = dict(_glosses(sentences))
    terms = [Term(sort, _names(name, glosses)) for name, sort in found.items()]
    terms = [_merge(group) for group in _grouped(terms)]
    spoken = [_plain(text) for text in (*headings, *headings, *sentences)]
    return tuple(sorted(terms, key=lambda term: -sum(term.mentioned(text) for text in spoken)))


def subject_of(sentence: str, terms: Iterable[Term]) -> Term | None:
    """The term that a sentence defines, if it does."""
    match = _DEFINED.match(sentence.strip())
    if not match:
        return None
    name = _single(_plain(match["name"]))
    return next((term for term in terms if name in term.names or any(_single(n) == name for n in term.names)), None)


def _candidates(headings: Sequence[str], sentences: Sequence[str]) -> Iterator[tuple[str, Sort]]:
    for heading in headings:
        yield from _phrases(heading)
    for sentence in sentences:
        yield from _definitions(sentence)
    for sentence in sentences:
        yield from _phrases(sentence)


def _definitions(sentence: str) -> Iterator[tuple[str, Sort]]:
    """What a sentence defines or names."""
    match = _DEFINED.match(sentence.strip())
    if match:
        name = _plain(match["name"])
        sort = _sort(name.split()[-1]) or next((s for s, kind in _KINDS if kind.search(match["what"].lower())), None)
        if sort and not set(name.split()) & _STOP and not PLAIN_HEADS.fullmatch(name):
            yield name, sort
    for named in (*_REFERRED.finditer(sentence), *_GLOSS.finditer(sentence)):
        yield from _phrases(named["name"])


def _phrases(text: str) -> Iterator[tuple[str, Sort]]:
    """The noun phrases whose last word tells what they are, such as "sciatic nerve"."""
    for clause in _CLAUSE.split(_plain(text)):
        words = _TOKEN.findall(clause)
        for place, word in enumerate(words):
            sort = _sort(word)
            following = _sort(words[place + 1]) if place + 1 < len(words) else None
            if sort is None or following is not None:
                continue
            start = place
            while start > 0 and place - start < _MOST_WORDS - 1 and words[start - 1] not in _STOP:
                start -= 1
            phrase = _without_head(words[start : place + 1])
            if len(phrase) > 1 or not PLAIN_HEADS.fullmatch(phrase[0]):
                yield " ".join(phrase), sort


def _without_head(phrase: list[str]) -> list[str]:
    """An MRI scan is an MRI, and a PRP injection PRP: the word before tells the same; nor is a bare head a start."""
    while len(phrase) > 1 and PLAIN_HEADS.fullmatch(phrase[0]):
        phrase = phrase[1:]
    while len(phrase) > 1 and PLAIN_HEADS.fullmatch(phrase[-1]) and _sort(phrase[-2]) == _sort(phrase[-1]):
        phrase = phrase[:-1]
    return phrase


def _sort(word: str) -> Sort | None:
    if word in _NO_CONDITION:
        return None
    return next((sort for sort, pattern in _SORTS if pattern.fullmatch(word)), None)


def _glosses(sentences: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Another name in brackets → the name before it, by their last words: "(the sit bone)" after a Latin name."""
    for sentence in sentences:
        for match in _GLOSS.finditer(sentence):
            yield _single(_plain(match["other"])), _plain(match["name"])
        for match in _EITHER.finditer(sentence):
            yield _single(match[1].lower()), match[2].lower()


def _names(name: str, glosses: dict[str, str]) -> tuple[str, ...]:
    names = [name]
    for other, before in glosses.items():
        tail = before.split()
        spelled = [" ".join(tail[-count:]) for count in range(1, len(tail) + 1)]
        if other == name:
            names += [each for each in spelled if not set(each.split()) & _STOP][-1:]
        elif name in spelled:
            names.append(other)
    return tuple(dict.fromkeys(names))


def _grouped(terms: Sequence[Term]) -> list[list[Term]]:
    """Terms of one sort of which one's name holds the other's last two words, or that share a name."""
    groups: list[list[Term]] = []
    for term in terms:
        home = next((group for group in groups if any(_same(term, other) for other in group)), None)
        if home is None:
            groups.append([term])
        else:
            home.append(term)
    return groups


def _same(one: Term, other: Term) -> bool:
    if one.sort != other.sort:
        return False
    names = {_single(name) for name in one.names} & {_single(name) for name in other.names}
    return bool(names) or any(
        (len(short.split()) > 1 or one.sort == "condition") and f" {long}".endswith(f" {short}")
        for a in one.names
        for b in other.names
        for short, long in ((a, b), (b, a))
    )


def _merge(group: Sequence[Term]) -> Term:
    names = dict.fromkeys(name for term in group for name in term.names)
    return Term(group[0].sort, tuple(names))


def _single(name: str) -> str:
    """The name with its last word in the singular."""
    return re.sub(r"(?<=[a-z]{3})(?<![siu])s$", "", name)


def _plain(text: str) -> str:
    return " ".join(text.replace("’", "'").lower().split())


def _shown(word: str) -> str:
    return word.upper() if word in {"mri", "prp", "ct"} or re.fullmatch(r"[a-z]\d+", word) else word
