"""Finding wordings: each word of a message becomes one character, and each wording a small regex over them.

A list of alternatives is then a character class and a gap is `[^,.]{0,2}`. A wording is tried only where
one of its first words stands and takes a bounded time there, so that the time grows with the length only.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import NamedTuple, Self

from chatbot.dialogue.safety_text import CLAUSE_END, SENTENCE_END
from chatbot.knowledge.safety_rules import DENYING

UNKNOWN = "\u0001"
FIRST_NUMBER = 0x4000  # the number 38 is chr(0x4000 + 38)
FIRST_WORD = 0x7000
LARGEST_NUMBER = FIRST_WORD - FIRST_NUMBER - 1
GAPS = {"..": 2, "...": 5}  # words that may stand between
NUMBERS = re.compile(r"[\d-]+")
RANGE = re.compile(r"(\d+)-(\d+)")
END = "<end>"  # the end of the clause
STRETCH = 96  # words that are looked through at once, so that a long message takes no more for each of its words
LONGEST_WORDING = 32  # words that a wording with its gaps may take
GAP_WORDS = 6  # more than one, so that the wording is not taken for a single word
LITERAL = re.compile(r"[^\s|()<>?]+")


class Mention(NamedTuple):
    """A concept, cue or idiom found at words `start` to `end` (not included)."""

    name: int
    start: int
    end: int


class Alphabet:
    """One character for each word that any wording uses."""

    def __init__(self, words: Iterable[str]) -> None:
        self._codes = {word: chr(FIRST_WORD + i) for i, word in enumerate(sorted(set(words)))}
        self._codes |= {CLAUSE_END: ",", SENTENCE_END: "."}

    def encode(self, words: Iterable[str]) -> str:
        """The message, one character for each word."""
        codes = self._codes
        return "".join([codes.get(word) or self.code(word) for word in words])

    def code(self, word: str) -> str:
        """The character of one word."""
        if word not in self._codes and word[0].isdigit():
            whole = word.partition(".")[0]
            return number_code(int(whole)) if whole.isdecimal() and len(whole) <= 5 else UNKNOWN
        return self._codes.get(word, UNKNOWN)


def number_code(number: int) -> str:
    """The character of a whole number."""
    return chr(FIRST_NUMBER + number) if number <= LARGEST_NUMBER else UNKNOWN


@dataclass(frozen=True, slots=True)
class Fragment:
    """A regex for part of a wording.

    heads: the characters that it can begin with. longest: how many words it takes at most. parts: of each of these a
    message must have a character, else the regex finds nothing.
    """

    regex: str
    heads: frozenset[str]
    longest: int
    parts: tuple[frozenset[str], ...]


class Compiler:
    """Compiles wordings, given the lists of words that they may name."""

    def __init__(self, alphabet: Alphabet, lists: Mapping[str, Sequence[str]]) -> None:
        self._alphabet = alphabet
        self._lists = lists
        self._compiled: dict[str, Fragment] = {}
        denying = "".join(sorted(code for word in lists.get(DENYING, ()) for code in self.wording(word).heads))
        self._between = f"[^,.{denying}]"  # a gap must not swallow a denial: "leg isn't swollen"

    def wordings(self, wordings: Iterable[str]) -> Fragment:
        """Any one of several wordings; single words are put together in one class."""
        fragments = [self.wording(wording) for wording in wordings]
        single = frozenset[str]().union(*(f.heads for f in fragments if f.longest == 1))
        longer = sorted({f.regex: f for f in fragments if f.longest > 1}.values(), key=lambda f: -f.longest)
        choices = [f.regex for f in longer] + ([f"[{''.join(sorted(single))}]"] if single else [])
        regex = choices[0] if len(choices) == 1 else f"(?:{'|'.join(choices)})"
        heads = single.union(*(f.heads for f in longer))
        return Fragment(regex, heads, max(f.longest for f in fragments), (heads,))

    def wording(self, wording: str) -> Fragment:
        """One wording."""
        regex, heads, longest, opening = "", frozenset[str](), 0, True
        parts: list[frozenset[str]] = []
        for element in split_outside(wording, " "):
            if element in GAPS:
                regex, longest = f"{regex}{self._between}{{0,{GAPS[element]}}}?", longest + GAP_WORDS
                continue
            optional = element.endswith(")?")
            part = self._element(element.removesuffix("?") if optional else element)
            regex += f"(?:{part.regex})?" if optional else part.regex
            heads, longest = heads | part.heads if opening else heads, longest + part.longest
            opening = opening and optional
            parts += [] if optional else part.parts
        return Fragment(regex, heads, longest, tuple(parts))

    def _element(self, element: str) -> Fragment:
        if element not in self._compiled:
            self._compiled[element] = self._compile(element)
        return self._compiled[element]

    def _compile(self, element: str) -> Fragment:
        choices = split_outside(element, "|")
        if len(choices) > 1:
            return self.wordings(choices)
        if element.startswith("("):
            return self.wordings(split_outside(element[1:-1], "|"))
        if element == END:
            return self._one_of(CLAUSE_END + SENTENCE_END)
        if element.startswith("<"):
            return self.wordings(self._lists[element[1:-1]])
        return self._word(element)

    def _word(self, word: str) -> Fragment:
        numbers = RANGE.fullmatch(word)
        if numbers:
            first, last = (number_code(int(number)) for number in numbers.groups())
            return self._one_of("".join(map(chr, range(ord(first), ord(last) + 1))), f"[{first}-{last}]")
        return self._one_of(self._alphabet.code(word))

    def _one_of(self, codes: str, regex: str = "") -> Fragment:
        heads = frozenset(codes)
        return Fragment(regex or f"[{codes}]", heads, 1, (heads,))


def split_outside(text: str, separator: str) -> list[str]:
    """`text` split at each separator that stands outside brackets."""
    if "(" not in text:
        return [part for part in text.split(separator) if part]
    parts, depth = [""], 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if character == separator and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return [part for part in parts if part]


def words_of(wordings: Iterable[str]) -> Iterator[str]:
    """The literal words that wordings are made of."""
    for wording in wordings:
        for element in LITERAL.findall(re.sub(r"<\w+>", " ", wording)):
            if element not in GAPS and not NUMBERS.fullmatch(element):
                yield element


Match = Callable[[str, int], re.Match[str] | None]


@dataclass(slots=True)
class Search:
    """A wording of more than one word to look for; its regex is compiled when a message first calls for it.

    rarest: the part of the wording under which it is filed; others: its other parts, rarer ones first.
    """

    name: int
    regex: str
    heads: frozenset[str]
    rarest: frozenset[str]
    others: tuple[frozenset[str], ...] = ()
    match: Match | None = None

    def matcher(self) -> Match:
        """The compiled regex."""
        if self.match is None:
            self.match = re.compile(self.regex).match
        return self.match


class Finder:
    """Finds every wording of every name in an encoded message.

    An inverted index: a wording is filed under the words of its rarest part, and is looked for only in messages that
    have one of them and a word for each of its other parts. `single`: the names that one word is enough for.
    """

    def __init__(self, single: Mapping[str, Sequence[int]], searches: Sequence[Search]) -> None:
        self.single = single
        self.searches = searches
        self._filed: dict[str, list[Search]] = {}
        for search in searches:
            for code in search.rarest:
                self._filed.setdefault(code, []).append(search)

    @classmethod
    def of(cls, compiler: Compiler, wordings: Mapping[int, Iterable[str]]) -> Self:
        """A finder for the wordings of each name."""
        single: dict[str, list[int]] = {}
        longer: list[tuple[int, Fragment]] = []
        for name, group in wordings.items():
            fragments = {(f.regex, f.longest): f for f in map(compiler.wording, group)}.values()
            for code in sorted({code for f in fragments if f.longest == 1 for code in f.heads}):
                single.setdefault(code, []).append(name)
            longer += [(name, f) for f in fragments if f.longest > 1]
        return cls(single, _filed(longer))

    def find(self, message: str) -> list[Mention]:
        """All mentions, by where they start; of one name at one place the one with the longest wording."""
        ends = [dict.fromkeys(self.single.get(code, ()), place + 1) for place, code in enumerate(message)]
        for start in range(0, len(message), STRETCH):
            self._find_in(message, range(start, min(start + STRETCH, len(message))), ends)
        return [Mention(name, place, end) for place, here in enumerate(ends) for name, end in here.items()]

    def _find_in(self, message: str, stretch: range, ends: list[dict[int, int]]) -> None:
        """Note the wordings that start in a stretch: what can be there is asked of so many words only."""
        places: dict[str, list[int]] = {}
        for place in stretch:
            places.setdefault(message[place], []).append(place)
        for search in self._called_for(set(message[stretch.start : stretch.stop + LONGEST_WORDING])):
            match = search.matcher()
            for code in search.heads & places.keys():
                for place in places[code]:
                    found = match(message, place)
                    if found and found.end() > ends[place].get(search.name, 0):
                        ends[place][search.name] = found.end()

    def _called_for(self, codes: Set[str]) -> Iterator[Search]:
        """The wordings that can be in a message of these words, each once."""
        called = {id(search): search for code in codes for search in self._filed.get(code, ())}
        for search in called.values():
            for part in search.others:
                if part.isdisjoint(codes):
                    break
            else:
                yield search


def _filed(wordings: Iterable[tuple[int, Fragment]]) -> list[Search]:
    """The searches for wordings with their names, each to be filed under its rarest part."""
    wordings = list(wordings)
    common = Counter(code for _, fragment in wordings for part in fragment.parts for code in part)
    searches = []
    for name, fragment in wordings:
        rarest, *others = sorted(fragment.parts, key=lambda part: sum(common[code] for code in part))
        searches.append(Search(name, fragment.regex, fragment.heads, rarest, tuple(dict.fromkeys(others))))
    return searches
