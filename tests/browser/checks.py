"""What must hold in every state, on every screen."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe

from tests.browser.patient import Patient

_AXE = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "resultTypes": ["violations"],
}

_VISIBLE = """() => {
  const shadow = document.querySelector("clinic-faq").shadowRoot;
  return [...shadow.querySelectorAll("button, a, textarea")].filter((node) => node.checkVisibility());
}"""

_SMALL = f"""() => ({_VISIBLE})()
  .filter((node) => !(node.tagName === "A" && getComputedStyle(node).display === "inline"))
  .map((node) => [node.innerText || node.ariaLabel || node.id, node.getBoundingClientRect()])
  .filter(([, box]) => box.width < 44 || box.height < 44)
  .map(([name, box]) => `${{name}}: ${{box.width}} x ${{box.height}}`)"""

_WIDE = f"""() => {{
  const shadow = document.querySelector("clinic-faq").shadowRoot;
  const cut = [...shadow.querySelectorAll(".panel, .talk")].filter((box) => box.scrollWidth > box.clientWidth + 1);
  const off = ({_VISIBLE})().filter((node) => {{
    const box = node.getBoundingClientRect();
    return box.left < -1 || box.right > innerWidth + 1;
  }});
  return [...cut, ...off].map((node) => node.className || node.innerText);
}}"""

_COVERED = f"""() => {{
  const shadow = document.querySelector("clinic-faq").shadowRoot;
  const covered = [];
  for (const node of ({_VISIBLE})()) {{
    const before = shadow.activeElement;
    node.focus();
    const box = node.getClientRects()[0];
    const top = shadow.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    if (!node.contains(top)) covered.push(node.innerText || node.ariaLabel || node.id);
    before?.focus();
  }}
  return covered;
}}"""


def violations(patient: Patient, **context: Any) -> list[str]:
    """What axe finds on the whole page, the host's part too unless `context` says otherwise."""
    found = Axe().run(patient.page, context=context or None, options=_AXE).response["violations"]
    return [f"{each['id']}: {node['html'][:200]} {node['failureSummary']}" for each in found for node in each["nodes"]]


def flaws(patient: Patient) -> dict[str, list[str]]:
    """Everything wrong with the widget as it is; nothing, if all is well."""
    found = {
        "axe": violations(patient),
        "smaller than 44 x 44": patient.page.evaluate(_SMALL),
        "wider than the screen": patient.page.evaluate(_WIDE),
        "covered while it has the focus": patient.page.evaluate(_COVERED),
        "errors of the script": patient.errors,
        "against the page's policy": patient.page.evaluate("() => breaches"),
    }
    return {what: where for what, where in found.items() if where}
