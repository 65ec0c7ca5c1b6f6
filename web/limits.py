"""Rate limits, counted in Redis for all processes; in this process alone without Redis, or while that is down."""

import logging
import math
import time

from limits import RateLimitItemPerMinute
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

_log = logging.getLogger(__name__)

#: Seconds that a patient may wait for Redis, and for which it is then left alone.
_PATIENCE = 0.25
_PAUSE = 10.0


class Limits:
    """Counts what somebody does in a minute. Nobody meets an error because Redis is down."""

    def __init__(self, redis_url: str = "") -> None:
        self._here = FixedWindowRateLimiter(MemoryStorage())
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


def _count(limiter: FixedWindowRateLimiter, limit: RateLimitItemPerMinute, what: str, who: str) -> None:
    if not limiter.hit(limit, what, who):
        wait = limiter.get_window_stats(limit, what, who).reset_time - time.time()
        raise TooManyRequests(retry_after=max(math.ceil(wait), 1))
