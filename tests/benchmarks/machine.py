"""What a benchmark ran on, for the page that shows its figures."""

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("numpy", "scipy", "scikit-learn", "rapidfuzz", "wordllama", "flask", "gunicorn", "sqlalchemy", "psycopg")


def machine() -> dict[str, str]:
    """The machine, what runs on it, and today's date."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "processor": processor(Path("/proc/cpuinfo")),
        "cores": str(os.cpu_count()),
        "memory": f"{memory_gigabytes():.0f} GB",
        "system": f"{platform.system()} {platform.machine()}",
        "Python": platform.python_version(),
        "packages": ", ".join(f"{name} {version(name)}" for name in PACKAGES),
    }


def processor(information: Path) -> str:
    """The processor's model where Linux tells it, else what Python knows."""
    if information.exists():
        for line in information.read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or "unknown processor"


def memory_gigabytes() -> float:
    """The machine's memory."""
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30


def peak_megabytes(pid: int | str = "self") -> float:
    """The most that a process has held in memory so far (Linux: `ru_maxrss` would count what its parent held, too)."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), 0) / 1024
