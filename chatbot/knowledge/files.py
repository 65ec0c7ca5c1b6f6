"""Reading `intents/`, a folder or its texts: everything that is wrong at once, each finding with its file and line."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from chatbot.errors import KnowledgeError
from chatbot.knowledge.base import Frozen
from chatbot.knowledge.crosscheck import Parts, cross_check
from chatbot.knowledge.explain import validate
from chatbot.knowledge.folder import MAX_BYTES, MESSAGES, KnowledgeFiles
from chatbot.knowledge.lines import LineIndex, ValuePath
from chatbot.knowledge.model import (
    ArticlesFile,
    Clinic,
    DecisionRule,
    Knowledge,
    Lexicon,
    OutOfScopeFile,
    SafetyMessage,
    TopicFile,
)
from chatbot.knowledge.problems import Problem
from chatbot.knowledge.safety_rules import SafetyRules, findings
from chatbot.knowledge.yaml_text import Finding, read_yaml

#: The files with a shape of their own; every other YAML file is a topic.
MODELS: Mapping[str, type[Frozen]] = {
    "clinic.yaml": Clinic,
    "articles.yaml": ArticlesFile,
    "lexicon.yaml": Lexicon,
    "out_of_scope.yaml": OutOfScopeFile,
    "decision.yaml": DecisionRule,
    "safety.yaml": SafetyRules,
}
REQUIRED = ("clinic.yaml", "articles.yaml", "lexicon.yaml", "safety.yaml")

Part = TypeVar("Part", bound=BaseModel)


@dataclass(frozen=True)
class Reading:
    """What a folder holds: the knowledge, unless a file cannot be used, and everything wrong with it."""

    knowledge: Knowledge | None
    problems: tuple[Problem, ...]
    lines: LineIndex

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems with which the knowledge must not be used."""
        return tuple(problem for problem in self.problems if problem.level == "error")


def load_knowledge(source: Path | KnowledgeFiles) -> Knowledge:
    """The knowledge in a folder such as `intents/`, or in the texts of its files.

    Raises:
        KnowledgeError: something is wrong; the error carries every problem.
    """
    reading = read_knowledge(source)
    if reading.errors or reading.knowledge is None:
        raise KnowledgeError(reading.errors)
    return reading.knowledge


def read_knowledge(source: Path | KnowledgeFiles) -> Reading:
    """The knowledge in a folder or in texts, as far as it can be used, with its problems in the order of the files."""
    shelf = _Shelf(source.folder if isinstance(source, KnowledgeFiles) else source.absolute().name)
    for name, data in _texts(source) if isinstance(source, KnowledgeFiles) else _files(source, shelf):
        shelf.take(name, data)
    shelf.miss_required()
    parts = shelf.parts()
    lines = LineIndex(shelf.folder, shelf.lines, _homes(parts))
    problems = (*shelf.problems, *cross_check(parts, lines), *shelf.safety_problems(lines))
    return Reading(shelf.knowledge(parts), tuple(sorted(problems)), lines)


def _texts(files: KnowledgeFiles) -> Iterator[tuple[str, "bytes | Finding"]]:
    """The files that knowledge is read from; what is in `evaluation/` is none."""
    for name, text in files.items():
        if "/" not in name:
            yield name, text.encode("utf-8", "surrogatepass")


def _files(folder: Path, shelf: "_Shelf") -> Iterator[tuple[str, "bytes | Finding"]]:
    try:
        paths = sorted(folder.iterdir())
    except FileNotFoundError:
        shelf.report("", Finding(0, "no-folder", f"There is no folder {folder}. Check its name."))
        return
    except OSError as error:
        shelf.report("", Finding(0, "no-folder", f"{folder} cannot be read as a folder ({error.strerror})."))
        return
    for path in paths:
        if not path.name.startswith("."):
            yield path.name, _bytes(path) if path.name.endswith(".yaml") or path.name in MESSAGES else b""


@dataclass
class _Shelf:
    """Collects what the files hold and what is wrong with them."""

    folder: str
    found: dict[str, Frozen] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    lines: dict[str, Mapping[ValuePath, int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    messages: list[SafetyMessage] = field(default_factory=list)

    def report(self, name: str, finding: Finding) -> None:
        file = f"{self.folder}/{name}" if name else self.folder
        self.problems.append(Problem(file, finding.line, finding.code, finding.message))

    def take(self, name: str, data: bytes | Finding) -> None:
        """Keep what one file says, or report why it cannot be used."""
        if name.endswith(".yml"):
            self.report(name, Finding(0, "ending", "Rename this file so that it ends in .yaml; it is not read."))
        elif name in MESSAGES:
            self._take_messages(name, data)
        elif name.endswith(".yaml"):
            self._take_yaml(name, data)

    def _take_yaml(self, name: str, data: bytes | Finding) -> None:
        self.seen.add(name)
        if isinstance(data, Finding):
            self.report(name, data)
            return
        said = _understand(name, data)
        self.lines[f"{self.folder}/{name}"] = said.lines
        if said.part is not None:
            self.found[name] = said.part
        for finding in said.findings:
            self.report(name, finding)

    def _take_messages(self, name: str, data: bytes | Finding) -> None:
        if isinstance(data, Finding):
            self.report(name, data)
            return
        for number, line in enumerate(data.splitlines(), start=1):
            try:
                self.messages.append(_messages().validate_json(line))
            except ValidationError as error:
                message = f"This line cannot be used ({error.errors()[0]['msg']}). Mend it or remove it."
                self.report(name, Finding(number, "bad-message", message))

    def safety_problems(self, lines: LineIndex) -> Iterator[Problem]:
        """What is wrong with the safety rules beyond their shape."""
        rules = self.part("safety.yaml", SafetyRules)
        file = lines.named("safety.yaml")
        for path, message in findings(rules) if rules else ():
            yield Problem(file, lines.at(file, *path), "safety", message)

    def miss_required(self) -> None:
        """Report the missing files that must be there, unless the folder itself is missing."""
        if any(problem.code == "no-folder" for problem in self.problems):
            return
        for name in REQUIRED:
            if name not in self.seen:
                self.report(name, Finding(0, "missing-file", "This file is missing. Copy it from the last version."))
        if self.seen <= MODELS.keys():
            self.report("", Finding(0, "no-topics", "There is no topic file: add one with questions and answers."))

    def part(self, name: str, kind: type[Part]) -> Part | None:
        found = self.found.get(name)
        return found if isinstance(found, kind) else None

    def parts(self) -> Parts:
        articles = self.part("articles.yaml", ArticlesFile)
        topics = {f"{self.folder}/{name}": part for name, part in self.found.items() if isinstance(part, TopicFile)}
        return Parts(
            clinic=self.part("clinic.yaml", Clinic),
            articles=articles.articles if articles else None,
            lexicon=self.part("lexicon.yaml", Lexicon),
            out_of_scope=self.part("out_of_scope.yaml", OutOfScopeFile),
            topics=topics,
            complete=len(topics) == len(self.seen - MODELS.keys()),
        )

    def knowledge(self, parts: Parts) -> Knowledge | None:
        """The whole, if every file that is there could be used."""
        if len(self.found) < len(self.seen) or not (parts.clinic and parts.lexicon and parts.topics):
            return None
        safety = self.part("safety.yaml", SafetyRules)
        if parts.articles is None or safety is None:
            return None
        outside = parts.out_of_scope.groups.values() if parts.out_of_scope else ()
        return Knowledge(
            clinic=parts.clinic,
            safety=safety,
            safety_messages=tuple(self.messages),
            articles=parts.articles,
            lexicon=parts.lexicon,
            topics=tuple(parts.topics.values()),
            out_of_scope=tuple(text for group in outside for text in group),
            decision=self.part("decision.yaml", DecisionRule),
        )


@dataclass(frozen=True)
class _Understood:
    """What one file says: its part of the knowledge, unless it has none, and the line of everything in it."""

    part: Frozen | None
    lines: Mapping[ValuePath, int]
    findings: tuple[Finding, ...]


@lru_cache(maxsize=100)
def _understand(name: str, data: bytes) -> _Understood:
    """Remembered, since an edit or a revision leaves most files as they were, and safety.yaml takes the longest."""
    document = read_yaml(data)
    part = () if document.broken else validate(MODELS.get(name, TopicFile), document)
    if isinstance(part, Frozen):
        return _Understood(part, document.lines, document.findings)
    return _Understood(None, document.lines, (*document.findings, *part))


@cache
def _messages() -> TypeAdapter[SafetyMessage]:
    return TypeAdapter(SafetyMessage)


def _bytes(path: Path) -> bytes | Finding:
    if path.is_dir():
        return Finding(0, "folder", "This is a folder and not a file. Rename or remove it.")
    if path.exists() and not path.is_file():  # a pipe would never end
        return Finding(0, "unreadable", "This is no ordinary file. Remove it.")
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        return Finding(0, "unreadable", f"The file cannot be read ({error.strerror}). Check its permissions.")
    if len(data) > MAX_BYTES:
        return Finding(
            0,
            "too-large",
            f"The file is larger than {MAX_BYTES // 1_000_000} MB. Split it.",
        )
    return data


def _homes(parts: Parts) -> dict[str, tuple[str, int]]:
    homes: dict[str, tuple[str, int]] = {}
    for file, place, intent in parts.intents():
        homes.setdefault(intent.id, (file, place))
    return homes
