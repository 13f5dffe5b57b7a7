"""The version of the site, and its day: that of the last commit, so that the same commit gives the same site."""

from __future__ import annotations

import os
import subprocess
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[3]
VERSION = version("circuit-explainer")


def day() -> str:
    """Return the day, as 27 November 2026: of $SOURCE_DATE_EPOCH, else of the last commit, else today."""
    given = os.environ.get("SOURCE_DATE_EPOCH") or _committed()
    found = datetime.fromtimestamp(int(given), UTC).date() if given else date.today()
    return f"{found.day} {found:%B %Y}"


def _committed() -> str:
    command = ["git", "-C", str(ROOT), "log", "-1", "--format=%ct"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    except OSError:
        return ""  # no git here


DATE = day()
