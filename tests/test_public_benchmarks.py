"""The matcher on public data, which lie beside the project where it is developed, not in it."""

from pathlib import Path

import pytest

from tests.benchmarks.public import curekart, measure

FOLDER = Path(__file__).parents[2] / "shared" / "benchmarks"


@pytest.mark.public
@pytest.mark.skipif(not FOLDER.is_dir(), reason="no public data sets at ../shared/benchmarks")
def test_matcher_answers_and_refuses_on_a_live_bots_questions() -> None:
    result = measure(curekart(FOLDER))
    assert result.auroc is not None
    assert result.out_of_scope is not None
    assert result.auroc >= 0.91
    assert result.in_scope >= 0.74
    assert result.out_of_scope >= 0.80
