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
