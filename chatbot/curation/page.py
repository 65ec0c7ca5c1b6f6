"""An evaluation as one HTML page that needs nothing else: plots, tables, and the answers that were wrong."""

from collections.abc import Iterable
from html import escape

from chatbot.curation.charts import confidence_chart, confusion_chart, coverage_chart
from chatbot.curation.evaluation import Counts, Evaluation, Outcome, Record

_OUTCOMES: tuple[Outcome, ...] = ("right", "clarified", "wrong", "missed")

_STYLE = """
:root { color-scheme: light dark; --ink: #1c2330; --muted: #667085; --ground: #fff; --line: #dde1e7;
  --card: #f5f7fa;
  --inside: #1f6fb2; --outside: #c77700; --wrong: #c03030; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ebf0; --muted: #98a2b3; --ground: #14181f; --line:
  #333b48;
  --card: #1d232d; --inside: #63b0ee; --outside: #f0ad4e; --wrong: #f27878; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 1rem; background: var(--ground); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin-top: 2.5rem; }
p, figcaption, .muted { color: var(--muted); max-width: 45rem; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(12rem, 1fr)); gap: .75rem; }
.card { background: var(--card); border-radius: .5rem; padding: .75rem 1rem; }
.card b { display: block; font-size: 1.6rem; }
figure { margin: 1rem 0; overflow-x: auto; }
figure svg { width: 100%; height: auto; max-width: 42rem; min-width: 20rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid var(--line); overflow-wrap:
  anywhere; }
th { white-space: nowrap; } .number { text-align: right; font-variant-numeric: tabular-nums; white-space:
  nowrap; }
input { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--muted);
  border-radius: .4rem;
  padding: .5rem .75rem; width: 100%; max-width: 24rem; margin-bottom: .75rem; }
@media print { :root { --ink: #000; --muted: #444; --ground: #fff; --line: #bbb; --card: #f3f3f3;
  --inside: #1f6fb2;
  --outside: #c77700; --wrong: #c03030; } input, label { display: none; } figure, tr { break-inside:
  avoid; }
  body { max-width: none; } }
"""

_SCRIPT = """
const field = document.getElementById("filter");
const rows = document.querySelectorAll("#intents tbody tr");
field?.addEventListener("input", () => {
  const wanted = field.value.trim().toLowerCase();
  for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
});
"""


def page(evaluation: Evaluation) -> str:
    """The whole page."""
    rule = evaluation.rule
    sections = (_plots(evaluation), _intents(evaluation), _wrong(evaluation))
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>Chatbot evaluation</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>Chatbot evaluation</h1>
<p>{len(evaluation.records)} messages. The bot answers from a confidence of {rule.threshold:.2f}
with a lead of {rule.margin:.2f}, and offers choices from {rule.clarify:.2f}.</p>
<div class="cards">{"".join(_cards(evaluation))}</div>
{"".join(sections)}
<script>{_SCRIPT}</script>
</body>
</html>
"""


def _cards(evaluation: Evaluation) -> Iterable[str]:
    inside, outside = evaluation.counts("in scope"), evaluation.counts("out of scope")
    yield _card("right, in scope", inside, "right")
    yield _card("right or clarified, in scope", inside, "right", "clarified")
    yield _card("wrong, in scope", inside, "wrong")
    yield _card("right, questions that the articles answer", evaluation.answers, "right")
    yield _card("answered, out of scope", outside, "wrong")
    yield _card("clarified, out of scope", outside, "clarified")
    yield _card("right, later turns of conversations", evaluation.counts("follow-up"), "right")
    yield _card("right, several questions in one message", evaluation.counts("several"), "right")
    yield _card("right, one question in the message", evaluation.counts("single"), "right")
    yield _card("alarming messages with a card", evaluation.counts("safety"), "right")


def _card(name: str, counts: Counts, *outcomes: Outcome) -> str:
    if not counts.total:
        return ""
    share, of = f"{counts.share(*outcomes):.1%}", f'<span class="muted">(of {counts.total})</span>'
    return f'<div class="card"><b>{share}</b>{escape(name)} {of}</div>'


def _plots(evaluation: Evaluation) -> str:
    if not evaluation.everyday:
        return ""
    figures = [
        ("How much is answered, and how much of that wrongly", coverage_chart(evaluation)),
        ("Confidence in scope and out of it; the less they overlap the better", confidence_chart(evaluation)),
        ("What was answered instead of what was meant, the worst pairs", confusion_chart(evaluation)),
    ]
    return "<h2>Plots</h2>" + "".join(_figure(name, svg) for name, svg in figures if svg)


def _figure(name: str, svg: str) -> str:
    labelled = svg.replace("<svg", f'<svg role="img" aria-label="{escape(name)}"', 1)
    return f"<figure>{labelled}<figcaption>{escape(name)}.</figcaption></figure>"


def _intents(evaluation: Evaluation) -> str:
    if not evaluation.per_intent:
        return ""
    rows = "".join(_intent(name, counts) for name, counts in evaluation.per_intent.items())
    heads = "".join(f'<th class="number">{name}</th>' for name in ("messages", *_OUTCOMES))
    return f"""<h2>Intents</h2>
<label for="filter">Show intents whose name contains</label><br><input id="filter" type="search">
<div class="scroll"><table id="intents"><thead><tr><th>intent</th>{heads}</tr></thead>
<tbody>{rows}</tbody></table></div>"""


def _intent(name: str, counts: Counts) -> str:
    numbers = (counts.total, *(getattr(counts, outcome) for outcome in _OUTCOMES))
    cells = "".join(f'<td class="number">{number}</td>' for number in numbers)
    return f"<tr><td>{escape(name)}</td>{cells}</tr>"


def _wrong(evaluation: Evaluation) -> str:
    wrong = sorted((r for r in evaluation.records if r.outcome == "wrong"), key=lambda r: -r.confidence)
    if not wrong:
        return "<h2>Wrong answers</h2><p>None.</p>"
    rows = "".join(_wrong_answer(record) for record in wrong)
    return f"""<h2>Wrong answers</h2><p>The surest first.</p>
<div class="scroll"><table><thead><tr><th>message</th><th>meant</th><th>answered</th>
<th class="number">confidence</th></tr></thead><tbody>{rows}</tbody></table></div>"""


def _wrong_answer(record: Record) -> str:
    answered = " + ".join(record.intents) or record.kind
    cells = "".join(f"<td>{escape(cell)}</td>" for cell in (record.text, record.expected, answered))
    return f'<tr>{cells}<td class="number">{record.confidence:.2f}</td></tr>'
