"""Every state of the widget on every kind of screen and page: all pairs of these; all of it by `make test-matrix`."""

from collections.abc import Iterable
from typing import Any

import pytest

from tests.browser.checks import flaws
from tests.browser.conftest import Visit
from tests.browser.pairs import Combination, every, pairwise
from tests.browser.patient import without_server, without_storage
from tests.browser.states import NEEDS_STORAGE, OFF, STATES, WITHOUT_SERVER

SCREENS = {"1280": (1280, 800), "375": (375, 667), "320": (320, 256)}
LOOKS: dict[str, dict[str, Any]] = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "forced-colours": {"forced_colors": "active"},
    "reduced-motion": {"reduced_motion": "reduce"},
    "rtl": {"dir": "rtl"},
}
PAGES = ("no-csp", "strict-csp", "no-storage", "api-down")
FACTORS: dict[str, Iterable[str]] = {"state": STATES, "screen": SCREENS, "look": LOOKS, "page": PAGES}


def possible(combination: Combination) -> bool:
    """Whether a patient can come to the state on such a page."""
    state, _, _, page = combination
    return not (
        (page == "api-down" and state not in WITHOUT_SERVER)
        or (page != "api-down" and state == "offline")
        or (page == "no-storage" and state in NEEDS_STORAGE)
    )


PAIRWISE = pairwise(FACTORS, possible)


def check(combination: Combination, visit: Visit) -> None:
    """Bring the widget into the state and look for flaws."""
    state, screen, look, page = combination
    width, height = SCREENS[screen]
    patient = visit(
        "strict" if page == "strict-csp" else "plain",
        server="off" if state in OFF else "on",
        prepare={"no-storage": without_storage, "api-down": without_server}.get(page),
        viewport={"width": width, "height": height},
        phone="020 7946 0000",
        booking_url="https://small.example/book",
        **LOOKS[look],
    )
    STATES[state](patient)
    assert flaws(patient) == {}


@pytest.mark.parametrize("combination", PAIRWISE, ids="-".join)
def test_pairs(combination: Combination, visit: Visit) -> None:
    check(combination, visit)


@pytest.mark.whole_matrix
@pytest.mark.parametrize("combination", every(FACTORS, possible), ids="-".join)
def test_all(combination: Combination, visit: Visit) -> None:
    check(combination, visit)


def test_every_pair_is_there() -> None:
    """The selection, held against a plain count."""
    wanted = {
        ((i, a), (j, b))
        for combination in every(FACTORS, possible)
        for i, a in enumerate(combination)
        for j, b in enumerate(combination)
        if i < j
    }
    got = {((i, c[i]), (j, c[j])) for c in PAIRWISE for i in range(4) for j in range(i + 1, 4)}
    assert got == wanted
