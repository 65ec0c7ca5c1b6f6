"""Rate limits, counted in Redis for all processes; in this process alone without Redis, or while that is down."""

import logging
import math
import threading
import time

from limits import RateLimitItemPerMinute
from limits.errors import StorageError
from limits.storage import RedisStorage, Storage
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

_log = logging.getLogger(__name__)

#: Seconds that a patient may wait for Redis, and for which it is then left alone.
_PATIENCE = 0.25
_PAUSE = 10.0

#: So many counters in a process, and the ones that are over are thrown out.
_MANY = 10_000


class Limits:
    """Counts what somebody does in a minute. Nobody meets an error because Redis is down."""

    def __init__(self, redis_url: str = "") -> None:
        self._here = FixedWindowRateLimiter(ProcessStorage())
        self._together = self._here
        if redis_url:
            storage = RedisStorage(
                redis_url,
                key_prefix="clinic-chatbot",
                wrap_exceptions=True,
                socket_timeout=_PATIENCE,
                socket_connect_timeout=_PATIENCE,
            )
            self._together = FixedWindowRateLimiter(storage)
        self._down_until = -math.inf

    def count(self, what: str, who: str, per_minute: int) -> None:
        """Count one more.

        Raises:
            TooManyRequests: that is more than may be in a minute; it says when to try again.
        """
        limit = RateLimitItemPerMinute(per_minute)
        if time.monotonic() >= self._down_until:
            try:
                return _count(self._together, limit, what, who)
            except StorageError as error:
                self._down_until = time.monotonic() + _PAUSE
                cause = type(error.storage_error).__name__
                _log.warning("Redis does not answer (%s); limits are counted in each process for now", cause)
        return _count(self._here, limit, what, who)


class ProcessStorage(Storage):
    """Counters in this process. Those of `limits` start a thread for every few requests, for which patients wait."""

    STORAGE_SCHEME = None

    def __init__(self) -> None:
        super().__init__()
        self._counters: dict[str, tuple[float, int]] = {}
        self._changing = threading.Lock()

    @property
    def base_exceptions(self) -> type[Exception]:
        """Nothing here fails."""
        return ValueError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count, for so many seconds from the first time."""
        now = time.time()
        with self._changing:
            end, number = self._counters.get(key, (0.0, 0))
            end, number = (end, number + amount) if now < end else (now + expiry, amount)
            if len(self._counters) >= _MANY:
                self._counters = {name: each for name, each in self._counters.items() if now < each[0]}
            self._counters[key] = end, number
        return number

    def get(self, key: str) -> int:
        """The count, which may be over."""
        return self._counters.get(key, (0.0, 0))[1]

    def get_expiry(self, key: str) -> float:
        """When the count ends, as a time of the clock."""
        return self._counters.get(key, (time.time(), 0))[0]

    def check(self) -> bool:
        """It is always there."""
        return True

    def reset(self) -> int | None:
        """Forget everything."""
        self._counters.clear()
        return None

    def clear(self, key: str) -> None:
        """Forget a count."""
        self._counters.pop(key, None)


def _count(limiter: FixedWindowRateLimiter, limit: RateLimitItemPerMinute, what: str, who: str) -> None:
    if not limiter.hit(limit, what, who):
        wait = max(math.ceil(limiter.get_window_stats(limit, what, who).reset_time - time.time()), 1)
        raise TooManyRequests(f"Too many messages in a short time. Please wait {wait} seconds.", retry_after=wait)
