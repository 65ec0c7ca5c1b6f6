"""Why the bot said what it said: the last turn, part by part, for `/why`."""

from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from chatbot.terminal import printable

if TYPE_CHECKING:
    # Only for the types: these modules bring scikit-learn with them.
    from chatbot.dialogue.turn import Turn
    from chatbot.dialogue.understanding import Part
    from chatbot.knowledge.model import DecisionRule
    from chatbot.language.matcher import Match


def explain(turn: "Turn", rule: "DecisionRule") -> Group:
    """How each question of the message was read, what it matched, and why that was decided."""
    if turn.kind == "safety":
        return Group(Text("The safety check, which comes before everything else, ended this turn."))
    return Group(*(piece for part in turn.parts for piece in _part(part, rule)))


def _part(part: "Part", rule: "DecisionRule") -> tuple[RenderableType, ...]:
    summary = _grid()
    for name, value in (*_reading(part), *_deciding(part, rule)):
        summary.add_row(name, value)
    return (summary, Text(), _matches(part.matches), Text()) if part.matches else (summary, Text())


def _reading(part: "Part") -> list[tuple[str, str]]:
    """The question as typed, what was changed in it, and what was compared."""
    wording = part.wording
    rows = [
        ("question", printable(part.text)),
        ("mended", _pairs(wording.mended)),
        ("synonyms", _pairs(wording.synonyms)),
        ("concepts", ", ".join(wording.concepts)),
        ("compared", wording.text),
    ]
    return [(name, value) for name, value in rows if value]


def _deciding(part: "Part", rule: "DecisionRule") -> list[tuple[str, str]]:
    """The confidence and the lead beside the two numbers that decide."""
    decision, matches = part.decision, part.matches
    rows = [("decision", ": ".join(filter(None, (decision.kind, ", ".join(decision.intents)))))]
    if not matches:
        return [*rows, ("because", "it refuses the choices on offer" if part.wording.text else "nothing was compared")]
    if not matches[0].evidence:
        return [*rows, ("because", "it names one of the choices on offer")]
    best = matches[0].confidence
    lead = best - matches[1].confidence if len(matches) > 1 else 1.0
    rows += [
        ("confidence", _against(best, "threshold", rule.threshold)),
        ("lead", _against(lead, "margin", rule.margin)),
    ]
    if not decision.answered:
        rows.append(("choices", f"offered from a confidence of {rule.clarify:.2f}"))
    return rows


def _against(value: float, name: str, limit: float) -> str:
    return f"{value:.2f} {'reaches' if value >= limit else 'is under'} the {name} {limit:.2f}"


def _matches(matches: "tuple[Match, ...]") -> Table:
    """The top matches side by side, with the phrasing that came closest and the evidence."""
    grid = _grid()
    grid.add_row("match", *(Text(match.label, "bold", overflow="fold") for match in matches))
    grid.add_row("confidence", *(f"{match.confidence:.2f}" for match in matches))
    grid.add_row("phrasing", *(match.phrasing for match in matches))
    evidence = [dict(match.evidence) for match in matches]
    for name in evidence[0]:
        grid.add_row(name, *(f"{numbers[name]:z.2f}" for numbers in evidence))
    return grid


def _grid() -> Table:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True, min_width=11)
    return grid


def _pairs(pairs: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(f"{old} → {new}" for old, new in pairs)
