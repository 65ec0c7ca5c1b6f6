"""A patient at the widget: finds things by what they say, as people and screen readers do."""

import json
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Locator, Page, Route

#: Collects what the widget tells screen readers, its events, and breaches of the page's policy, from the very start.
RECORDER = """
window.heard = []; window.events = []; window.breaches = [];
addEventListener("securitypolicyviolation", (event) => breaches.push(event.violatedDirective), true);
for (const name of ["ready", "open", "close", "question", "answer", "feedback", "handoff", "error"])
  document.addEventListener(`clinic-faq:${name}`, (event) => {
    events.push([name, event.detail]);
    if (name !== "ready") return;
    for (const role of ["log", "status"]) {
      const region = event.target.shadowRoot.querySelector(`[role=${role}]`);
      new MutationObserver((changes) => {
        for (const change of changes) for (const node of change.addedNodes) heard.push([role, node.textContent]);
      }).observe(region, {childList: true, subtree: true, characterData: true});
    }
  });
"""

_SHADOW = "document.querySelector('clinic-faq').shadowRoot"


def without_server(page: Page) -> None:
    """From now on no request to the API arrives."""
    page.route("**/api/**", lambda route: route.abort())


def without_storage(page: Page) -> None:
    """The browser forbids websites to store anything."""
    page.add_init_script(
        "Object.defineProperty(window, 'sessionStorage', {get() { throw new DOMException('no', 'SecurityError'); }})"
    )


@dataclass
class Patient:
    """The widget on a page, and what a patient does with it."""

    page: Page
    held: list[Route] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    @property
    def launcher(self) -> Locator:
        """The button that opens the chat."""
        return self.page.get_by_role("button", name="Ask a question")

    @property
    def panel(self) -> Locator:
        """The open chat."""
        return self.page.get_by_role("dialog", name="Ask a question")

    @property
    def field(self) -> Locator:
        """Where questions are typed."""
        return self.page.get_by_label("Your question")

    @property
    def transcript(self) -> Locator:
        """What was said, as it shows."""
        return self.page.get_by_role("region", name="Conversation")

    def button(self, name: str) -> Locator:
        """The newest button with this name."""
        return self.page.get_by_role("button", name=name, exact=True).last

    def open(self) -> None:
        """Open the chat, and wait for what it shows first."""
        self.launcher.click()
        self.page.wait_for_function(f"() => {_SHADOW}.querySelector('.talk').childElementCount > 0")

    def ask(self, text: str) -> None:
        """Ask, and wait until the chat is done with it."""
        self.field.fill(text)
        self.field.press("Enter")
        self.wait()

    def choose(self, name: str) -> None:
        """Press a button that asks, and wait until the chat is done with it."""
        self.button(name).click()
        self.wait()

    def wait(self) -> None:
        """Wait for whatever comes: a reply or a failure."""
        self.page.wait_for_function(f"() => !{_SHADOW}.querySelector('textarea').readOnly")

    def heard(self, role: str = "log") -> list[str]:
        """What was put in a live region so far."""
        return [text for told, text in self.page.evaluate("() => heard") if told == role]

    def events(self) -> list[tuple[str, dict[str, Any]]]:
        """The events that the page received."""
        return [(name, detail) for name, detail in self.page.evaluate("() => events")]

    def focused(self) -> str:
        """What has the focus: its label, text or class; `page` outside the widget."""
        said = str(
            self.page.evaluate(
                f"() => {{ const at = {_SHADOW}.activeElement;"
                " return !at ? 'page' : at.id === 'field' ? 'field' : at.getAttribute('aria-label') || at.innerText }"
            )
        )
        return " ".join(said.split())

    # What can go wrong between the widget and its server

    def lose_server(self) -> None:
        """From now on no request to the API arrives."""
        without_server(self.page)

    def hold(self, path: str = "chat") -> None:
        """From now on requests are not answered until `release`."""
        self.page.route(f"**/api/{path}", lambda route: self.held.append(route))  # noqa: PLW0108 - a handler needs a name

    def release(self) -> None:
        """Answer what was held."""
        for route in self.held:
            route.continue_()
        self.held.clear()

    def fail(self, status: int, headers: dict[str, str] | None = None, path: str = "chat", **problem: Any) -> None:
        """From now on requests fail in this way, as at a proxy in front of the server."""
        cors = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "Retry-After"}
        self.page.route(
            f"**/api/{path}",
            lambda route: (
                route.fulfill(
                    status=status,
                    headers=cors | (headers or {}),
                    content_type="application/problem+json",
                    body=json.dumps({"status": status, **problem}),
                )
                if route.request.method == "POST"
                else route.continue_()
            ),
        )

    def recover(self) -> None:
        """The server is there again."""
        self.page.unroute_all(behavior="ignoreErrors")
