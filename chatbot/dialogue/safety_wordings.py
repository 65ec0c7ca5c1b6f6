"""Finding wordings: each word of a message becomes one character, and each wording a small regex over them.

A list of alternatives is then a character class and a gap is `[^,.]{0,2}`. A wording is tried only where
one of its first words stands and takes a bounded time there, so that a message is read in one pass.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from chatbot.dialogue.safety_text import CLAUSE_END, SENTENCE_END

UNKNOWN = "\u0001"
FIRST_NUMBER = 0x4000  # the number 38 is chr(0x4000 + 38)
FIRST_WORD = 0x7000
LARGEST_NUMBER = FIRST_WORD - FIRST_NUMBER - 1
GAPS = {"..": "[^,.]{0,2}?", "...": "[^,.]{0,5}?"}
NUMBERS = re.compile(r"[\d-]+")
RANGE = re.compile(r"(\d+)-(\d+)")
END = "<end>"  # the end of the clause
GAP_WORDS = 6  # more than one, so that the wording is not taken for a single word
LITERAL = re.compile(r"[^\s|()<>?]+")


@dataclass(frozen=True, slots=True)
class Mention:
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
    """A regex for part of a wording, the characters that it can begin with, and how many words it takes."""

    regex: str
    heads: frozenset[str]
    longest: int


class Compiler:
    """Compiles wordings, given the lists of words that they may name."""

    def __init__(self, alphabet: Alphabet, lists: Mapping[str, tuple[str, ...]]) -> None:
        self._alphabet = alphabet
        self._lists = lists
        self._compiled: dict[str, Fragment] = {}

    def wordings(self, wordings: Iterable[str]) -> Fragment:
        """Any one of several wordings; single words are put together in one class."""
        fragments = [self.wording(wording) for wording in wordings]
        single = frozenset[str]().union(*(f.heads for f in fragments if f.longest == 1))
        longer = sorted({f.regex: f for f in fragments if f.longest > 1}.values(), key=lambda f: -f.longest)
        choices = [f.regex for f in longer] + ([f"[{''.join(sorted(single))}]"] if single else [])
        regex = choices[0] if len(choices) == 1 else f"(?:{'|'.join(choices)})"
        return Fragment(regex, single.union(*(f.heads for f in longer)), max(f.longest for f in fragments))

    def wording(self, wording: str) -> Fragment:
        """One wording."""
        regex, heads, longest, opening = "", frozenset[str](), 0, True
        for element in split_outside(wording, " "):
            if element in GAPS:
                regex, longest = regex + GAPS[element], longest + GAP_WORDS
                continue
            optional = element.endswith(")?")
            part = self._element(element.removesuffix("?") if optional else element)
            regex += f"(?:{part.regex})?" if optional else part.regex
            heads, longest = heads | part.heads if opening else heads, longest + part.longest
            opening = opening and optional
        return Fragment(regex, heads, longest)

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
            return Fragment(f"[{CLAUSE_END}{SENTENCE_END}]", frozenset(CLAUSE_END + SENTENCE_END), 1)
        if element.startswith("<"):
            return self.wordings(self._lists[element[1:-1]])
        return self._word(element)

    def _word(self, word: str) -> Fragment:
        numbers = RANGE.fullmatch(word)
        if numbers:
            first, last = (number_code(int(number)) for number in numbers.groups())
            return Fragment(f"[{first}-{last}]", frozenset(map(chr, range(ord(first), ord(last) + 1))), 1)
        code = self._alphabet.code(word)
        return Fragment(f"[{code}]", frozenset(code), 1)


def split_outside(text: str, separator: str) -> list[str]:
    """`text` split at each separator that stands outside brackets."""
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


class Finder:
    """Finds every wording of every name in one pass over an encoded message."""

    def __init__(self, compiler: Compiler, wordings: Mapping[int, Iterable[str]]) -> None:
        self._single: dict[str, list[int]] = {}
        self._starting: dict[str, list[tuple[int, Match]]] = {}
        for name, group in wordings.items():
            self._add(name, [compiler.wording(wording) for wording in group])

    def _add(self, name: int, fragments: list[Fragment]) -> None:
        for code in {code for f in fragments if f.longest == 1 for code in f.heads}:
            self._single.setdefault(code, []).append(name)
        longer = sorted((f for f in fragments if f.longest > 1), key=lambda f: -f.longest)
        beginning: dict[str, list[str]] = {}
        for fragment in longer:
            for code in fragment.heads:
                beginning.setdefault(code, []).append(fragment.regex)
        matches = {regexes: re.compile("|".join(regexes)).match for regexes in set(map(tuple, beginning.values()))}
        for code, regexes in beginning.items():
            self._starting.setdefault(code, []).append((name, matches[tuple(regexes)]))

    def find(self, message: str) -> list[Mention]:
        """All mentions, by where they start; of one name at one place the one with the longest wording."""
        single, starting = self._single, self._starting
        found: list[Mention] = []
        for start, code in enumerate(message):
            if code in starting or code in single:
                ends = dict.fromkeys(single.get(code, ()), start + 1)
                for name, match in starting.get(code, ()):
                    found_here = match(message, start)
                    if found_here:
                        ends[name] = found_here.end()
                found += [Mention(name, start, end) for name, end in ends.items()]
        return found
