"""Throw-away environments for programs whose dependencies are none of ours; all under a folder that is removed."""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

LIMIT_SECONDS = 600


class NotThereError(Exception):
    """What was asked for cannot be had on this machine; the message says why."""


def python_with(folder: Path, package: str) -> list[str]:
    """A Python that has the package, in an environment of its own.

    Raises:
        NotThereError: it could not be installed.
    """
    run([sys.executable, "-m", "venv", str(folder)])
    python = str(folder / "bin" / "python")
    run([python, "-m", "pip", "install", "--quiet", package])
    return [python]


def node_with(folder: Path, package: str) -> list[str]:
    """A Node whose working folder has the package.

    Raises:
        NotThereError: there is no Node, or the package could not be installed.
    """
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise NotThereError("there is no Node here")
    folder.mkdir()
    run([npm, "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(folder), package])
    return [node]


def run(command: Sequence[str]) -> None:
    """Run a command to its end.

    Raises:
        NotThereError: it failed; the message has its last line.
    """
    try:
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=LIMIT_SECONDS)
    except subprocess.TimeoutExpired:
        raise NotThereError(f"installing took more than {LIMIT_SECONDS} s") from None
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        raise NotThereError(f"not installed: {lines[-1] if lines else done.returncode}")
