"""The benchmark's pages say what was measured, and the README says what they say."""

import json
import random
import re
import sys
from pathlib import Path

import pytest

from tests.benchmarks import capacity, pages, peers, public, start, traffic
from tests.benchmarks.conversation import Conversation
from tests.benchmarks.environments import NotThereError, run
from tests.benchmarks.machine import machine, processor
from tests.benchmarks.markdown import figure, percent, table
from tests.benchmarks.parts import PARTS, keep, kept
from tests.benchmarks.plots import bars, growth

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
README = (ROOT / "README.md").read_text(encoding="utf-8")
FOUND = pages.read(DOCS / "benchmarks")


def test_a_part_that_was_not_measured_is_said_to_be_missing() -> None:
    """The page never lacks a part in silence."""
    page = (DOCS / "benchmarks.md").read_text(encoding="utf-8")
    missing = [part.title for name, part in PARTS.items() if name not in FOUND]
    assert [title for title in missing if f"- {title} (" not in page] == []
    assert [part.title for name, part in PARTS.items() if name in FOUND and f"## {part.title}\n" not in page] == []


def test_benchmark_page_is_drawn_from_the_figures_kept() -> None:
    """Nobody has edited the page, nor a figure without drawing it anew."""
    assert (DOCS / "benchmarks.md").read_text(encoding="utf-8") == pages.benchmarks(FOUND)


def test_capacity_page_is_drawn_from_the_figures_kept() -> None:
    """Nobody has edited the page, nor a figure without drawing it anew."""
    results = {name: FOUND[name]["results"] for name in capacity.NEEDED if name in FOUND}
    drawn = capacity.page(results) if len(results) == len(capacity.NEEDED) else None
    page = DOCS / "capacity.md"
    assert (page.read_text(encoding="utf-8") if page.exists() else None) == drawn


def test_every_plot_of_the_page_is_there() -> None:
    """No image on the page leads nowhere."""
    images = re.findall(r"\]\((benchmarks/[^)]+[.]svg)\)", (DOCS / "benchmarks.md").read_text(encoding="utf-8"))
    drawn = [title for name, each in FOUND.items() for title in PARTS[name].plots(each["results"])]
    assert images == [f"benchmarks/{title}.svg" for title in drawn]
    assert all((DOCS / image).is_file() for image in images)


def test_readme_figures_stand_on_the_benchmark_page() -> None:
    """Every line of the README's section with a number in it is a line of the page."""
    section = README.partition("## Figures")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if re.search(r"\d", line)]
    page = (DOCS / "benchmarks.md").read_text(encoding="utf-8").splitlines()
    assert lines
    assert set(lines) <= set(page)


def test_kept_figures_come_back_with_the_machine(tmp_path: Path) -> None:
    """What a part found is read as it was written, and says where it was measured."""
    keep(tmp_path, "start", {"rounds": 5})
    found = kept(tmp_path, "start")
    assert found is not None
    assert found["results"] == {"rounds": 5}
    assert found["machine"] == machine()
    assert kept(tmp_path, "speed") is None


def test_pages_are_drawn_into_the_folder_given(tmp_path: Path) -> None:
    """A trial does not touch the pages of the project, and leaves a README's other text alone."""
    (tmp_path / "README.md").write_text("Before\n<!-- figures -->\nold\n<!-- end of figures -->\nAfter\n")
    keep(tmp_path, "start", {"rounds": 1, "kept": 20.0, "medians": {"import": 500.0, "warm": 200.0, "cold": 700.0}})
    written = list(pages.write_pages(tmp_path, tmp_path))
    assert written == [tmp_path / "docs" / "benchmarks.md", tmp_path / "README.md"]
    readme = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert readme.startswith("Before\n")
    assert readme.endswith("After\n")
    assert "0.40 × importing" in readme
    assert "old" not in readme


def test_start_says_which_limit_is_not_kept() -> None:
    """The verdict follows the ratio of the medians."""
    rows = start.rows({"medians": {"import": 100.0, "warm": 59.0, "cold": 161.0}})
    assert [row.holds for row in rows] == [True, False]


def test_cuts_of_a_set_take_ten_an_intent_and_ask_the_rest(tmp_path: Path) -> None:
    """No text is both learnt and asked, none is lost, and another seed chooses others."""
    (tmp_path / "banking77").mkdir()
    lines = [f"text {number},intent {number % 3}" for number in range(60)]
    (tmp_path / "banking77/train.csv").write_text("\n".join(["text,category", *lines]), encoding="utf-8")
    first, second = public.banking(tmp_path, 0), public.banking(tmp_path, 1)
    assert len(first.train) == 30
    assert sorted([*first.train, *first.test]) == sorted((line.split(",")[0], line.split(",")[1]) for line in lines)
    assert {label for _, label in first.train} == {"intent 0", "intent 1", "intent 2"}
    assert set(first.train) != set(second.train)


def test_sets_of_hint3_are_found_by_their_files(tmp_path: Path) -> None:
    """Whatever lies in the folder is measured, with what is out of scope told apart."""
    (tmp_path / "hint3").mkdir()
    for name in ("sofmattress_train", "sofmattress_test"):
        text = "sentence,label\nhow soft,SOFTNESS\nwho are you,NO_NODES_DETECTED\n"
        (tmp_path / f"hint3/{name}.csv").write_text(text, encoding="utf-8")
    ((name, cuts),) = public.data_sets(tmp_path).items()
    assert name == "HINT3 SOFMattress"
    assert [cut.test for cut in cuts] == [[("how soft", "SOFTNESS"), ("who are you", None)]]


def test_mean_of_cuts_leaves_out_what_was_not_measured() -> None:
    """A figure that a set cannot give stays none."""
    result = public.Result(0.8, None, 0.2, 0.7, None, 0.7, 3.0)
    other = public.Result(0.9, None, 0.4, 0.8, None, 0.8, 5.0)
    mean = public.mean([result, other])
    assert mean.accuracy == pytest.approx(0.85)
    assert mean.auroc is None


def test_a_program_fits_answers_and_ends_when_its_time_is_over() -> None:
    """A peer that takes too long says nothing more, and nobody waits for it."""
    command = [sys.executable, "-m", "tests.benchmarks.programs.extract_one"]
    with Conversation(command, ROOT, seconds=60, gigabytes=2) as talk:
        assert talk.fit([("hello there", "greet"), ("see you later", "leave")]) is not None
        answer = talk.ask("see you")
    assert answer is not None
    assert answer.label == "leave"
    with Conversation(["sleep", "60"], ROOT, seconds=0.2, gigabytes=2) as talk:
        assert talk.fit([("hello there", "greet")]) is None
        assert talk.ask("hello") is None


def test_a_package_that_is_not_there_is_said_to_be_missing() -> None:
    """What fails to install comes out with its reason."""
    with pytest.raises(NotThereError, match="no such package"):
        run([sys.executable, "-c", "import sys; sys.exit('no such package')"])


def test_peers_that_cannot_be_had_or_were_too_slow_are_said_so() -> None:
    """No cell of the tables is empty or made up."""
    row = {"set": "a set", "learnt": 600, "asked": 900, "answered": 500, "version": "1", "megabytes": 90.0}
    row |= {"peer": "ChatterBot", "accuracy": 0.5, "auroc": 0.7, "median": 400.0, "fit": 7.0}
    slow = row | {"peer": "NLP.js", "answered": 0, "accuracy": None, "auroc": None, "median": None, "fit": None}
    page = peers.draw({"minutes": 10, "missing": {"rapidfuzz extractOne": "no network"}, "rows": [row, slow]})
    assert "50.0 / .700 (of 500)" in page
    assert "not done" in page
    assert "not to be had" in page
    assert "rapidfuzz extractOne could not be had: no network." in page


def test_a_day_has_the_conversations_of_every_clinic_in_order() -> None:
    """Each clinic has its share, and the day follows the hours."""
    day = traffic.a_day(50, random.Random(0))  # noqa: S311 - a fixed seed
    assert len(day) == 50 * traffic.CONVERSATIONS
    assert [each.begins for each in day] == sorted(each.begins for each in day)
    assert {each.clinic for each in day} == set(range(50))
    assert sum(each.messages for each in day) == pytest.approx(traffic.messages_a_day(50), rel=0.1)
    late_morning = sum(10 / 24 <= each.begins < 11 / 24 for each in day) / len(day)
    assert late_morning == pytest.approx(traffic.HOURS[10] / sum(traffic.HOURS), rel=0.2)


def test_machines_grow_with_whatever_is_short() -> None:
    """One is enough for little; beyond, cores or memory decide."""
    assert capacity.machines(busy_cores=0.1, gigabytes=1) == 1
    assert capacity.machines(busy_cores=40, gigabytes=1) == 10
    assert capacity.machines(busy_cores=0.1, gigabytes=256) == 10


def test_tables_and_figures_read_well() -> None:
    """Three digits that count, thousands apart, words to the left."""
    assert [figure(number) for number in (0.123, 1.234, 12.34, 1234.5)] == ["0.12", "1.23", "12.3", "1,234"]
    assert percent(0.8345) == "83.5"
    assert table(("", "a"), [["x", "1"]]) == "|  | a |\n|---|---:|\n| x | 1 |"


def test_the_same_figures_make_the_same_plots() -> None:
    """A plot changes in git only when a figure did."""
    lines = {"ours": [(150, 1.0), (1500, 2.0)], "plain": [(150, 0.5), (1500, 0.9)]}
    assert growth("Time", "phrasings", lines) == growth("Time", "phrasings", lines)
    assert "<svg" in bars("Accuracy", ["a", "b"], {"ours": [1.0, None], "plain": [0.5, 0.6]})


def test_the_processor_is_named(tmp_path: Path) -> None:
    """The model as Linux tells it."""
    information = tmp_path / "cpuinfo"
    information.write_text("vendor_id\t: X\nmodel name\t: Fast 9000\n", encoding="utf-8")
    assert processor(information) == "Fast 9000"


def test_kept_figures_are_plain_json() -> None:
    """They can be read by anybody."""
    for path in (DOCS / "benchmarks").glob("*.json"):
        assert set(json.loads(path.read_text(encoding="utf-8"))) == {"machine", "results"}
