"""Counters for Prometheus: numbers only, no text."""

import threading

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from chatbot.bot import Turn

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


class Metrics:
    """The counters of one app. With `folder`, those of all processes that share it are shown together."""

    def __init__(self, folder: str | None = None) -> None:
        self._folder = folder
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "chatbot_requests",
            "Requests by route, method and status",
            ("route", "method", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "chatbot_request_seconds", "Time to answer a request", ("route",), buckets=_SECONDS, registry=self._registry
        )
        self._turns = Counter("chatbot_turns", "Turns by kind", ("kind",), registry=self._registry)
        self._tiers = Counter("chatbot_tiers", "Turns that carried a safety tier", ("tier",), registry=self._registry)
        self._feedback = Counter("chatbot_feedback", "Thumbs", ("helpful",), registry=self._registry)
        self._lost = Counter("chatbot_records_lost", "Records that the database did not take", registry=self._registry)
        self._lost_so_far = 0
        self._telling = threading.Lock()

    def request(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count a request."""
        self._requests.labels(route, method, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def turn(self, turn: Turn) -> None:
        """Count a turn."""
        self._turns.labels(turn.kind).inc()
        if turn.tier:
            self._tiers.labels(turn.tier).inc()

    def feedback(self, helpful: bool) -> None:
        """Count a thumb."""
        self._feedback.labels("yes" if helpful else "no").inc()

    def lost(self, so_far: int) -> None:
        """Count the records that this process has lost since it last said so."""
        with self._telling:
            self._lost.inc(max(so_far - self._lost_so_far, 0))
            self._lost_so_far = so_far

    def render(self) -> bytes:
        """The text that Prometheus reads."""
        if self._folder is None:
            return generate_latest(self._registry)
        together = CollectorRegistry()
        MultiProcessCollector(together, path=self._folder)  # type: ignore[no-untyped-call]
        return generate_latest(together)
