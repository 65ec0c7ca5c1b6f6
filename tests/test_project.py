"""The project as a whole: its layering, its lock, its README, and what must not be in git."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import grimp
import pytest

from chatbot.__main__ import main

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DEPLOYMENT = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
SETTING = re.compile(r"CHATBOT_[A-Z_]+|DATABASE_URL|REDIS_URL|SECRET_KEY|PORT")
#: Folders of one machine, and addresses of package indexes.
PRIVATE = re.compile(
    r"(?<![\w.:/-])/(?:home|opt|root|srv|tmp|work)/\w|--(?:extra-)?index[-]url|files[.]pythonhosted|pypi[.]org/simple"
)


def test_import_contracts_hold() -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_import_contracts_see_every_file() -> None:
    """import-linter does not see a folder without `__init__.py`; its contracts would hold unlooked at."""
    files = (ROOT / "chatbot").rglob("*.py")
    modules = {".".join(f.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for f in files}
    assert modules <= grimp.build_graph("chatbot", cache_dir=None).modules


@pytest.mark.parametrize("command", sorted(main.commands))
def test_readme_names_command(command: str) -> None:
    assert f"python -m chatbot {command}" in README


def test_every_setting_is_documented() -> None:
    unnamed = {name for name in _settings() if f"`{name}`" not in README + DEPLOYMENT}
    assert not unnamed


@pytest.mark.parametrize(
    "target", re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
)
def test_readme_names_make_target(target: str) -> None:
    assert f"make {target}" in README


def test_every_import_is_declared() -> None:
    """A package that is there only because another one needs it can go with the next version of that one."""
    halves = {"pydantic-core", "itsdangerous", "jinja2", "markupsafe", "werkzeug"}  # of pydantic and of Flask itself
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {re.split(r"[<>=;\[ ]", line)[0] for line in project["dependencies"]}
    graph = grimp.build_graph("chatbot", "web", include_external_packages=True, cache_dir=None)
    outside = {module for module in graph.modules if graph.is_module_squashed(module)}
    owners = packages_distributions()
    used = {re.sub(r"[._]", "-", name.lower()) for module in outside for name in owners.get(module, ())}
    assert used - declared <= halves


def test_lock_has_hashes_for_every_package() -> None:
    packages = re.findall(r"^[A-Za-z0-9._-]+==\S+ \\\n {4}--hash=sha256:[0-9a-f]{64}", LOCK, re.MULTILINE)
    lines = [line for line in LOCK.splitlines() if line and not line.startswith(("#", " "))]
    assert len(packages) == len(lines) > 0


def test_git_holds_no_machine_paths_nor_index_addresses() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in _tracked()
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="ignore").splitlines(), 1)
        if PRIVATE.search(line)
    ]
    assert not found


def _settings() -> Iterator[str]:
    """Every string in the code that is the name of a setting."""
    for path in (ROOT / "chatbot").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and SETTING.fullmatch(node.value):
                yield node.value


def _tracked() -> list[Path]:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("not in a git clone")
    return [path for name in done.stdout.split("\0") if name and (path := ROOT / name).is_file()]
