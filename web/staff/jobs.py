"""Work that takes seconds: each is done once in a thread of its own, and whoever waits for it sees how far it is."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Event, Lock, Thread

from chatbot.curation.changes import Changes
from chatbot.curation.evaluation import Progress

Task = Callable[[Progress], Changes]

_MOST = 8


class Job:
    """A comparison that runs or is done."""

    def __init__(self, task: Task) -> None:
        self.percent = 0
        self.error: Exception | None = None
        self._changes: Changes | None = None
        self._done = Event()
        Thread(target=self._run, args=(task,), daemon=True, name="what-changes").start()

    def wait(self, seconds: float | None = None) -> bool:
        """Whether it is done after at most so many seconds."""
        return self._done.wait(seconds)

    @property
    def changes(self) -> Changes:
        """What it found.

        Raises:
            whatever the work raised.
        """
        self._done.wait()
        if self.error:
            raise self.error
        if self._changes is None:
            raise RuntimeError("a job that is done found nothing")
        return self._changes

    def _run(self, task: Task) -> None:
        try:
            self._changes = task(self._progress)
        except Exception as error:  # noqa: BLE001 - it is raised where the result is asked for
            self.error = error
        finally:
            self._done.set()

    def _progress(self, done: int, total: int) -> None:
        self.percent = 100 * done // max(total, 1)


class Jobs:
    """The last few jobs by what they compare."""

    def __init__(self) -> None:
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._lock = Lock()

    def start(self, key: str, task: Task) -> Job:
        """The job of that key, begun unless it was begun before and did not fail."""
        with self._lock:
            job = self._jobs.get(key)
            if job is None or job.error is not None:
                job = self._jobs[key] = Job(task)
            self._jobs.move_to_end(key)
            while len(self._jobs) > _MOST:
                self._jobs.popitem(last=False)
            return job
