"""The library's own tests, the same files, run by the browser's Python: both Pythons give the same numbers."""

import json
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext

from tests.pyodide_page import run_in_pyodide, sources

# These compare with libraries of compiled code, or start processes.
OUTSIDE = ("hypothesis", "safetensors", "tokenizers", "subprocess", "resource")
TESTED = ("tests/core", "tests/circuits", "tests/training")
RUN = """
import json, pytest

outcomes = {}
class Report:
    def pytest_runtest_logreport(self, report):
        if report.when == 'call' or report.outcome != 'passed':
            outcomes[report.nodeid] = report.outcome if report.outcome == 'passed' else report.longreprtext
    def pytest_collectreport(self, report):
        if report.failed:
            outcomes[report.nodeid] = report.longreprtext

quiet = ['-q', '-s', '-p', 'no:cacheprovider', '-p', 'no:faulthandler']
code = pytest.main(['tests/core', 'tests/circuits', 'tests/training', *quiet], plugins=[Report()])
json.dumps({'code': int(code), 'platform': sys.platform, 'outcomes': outcomes})
"""


def test_the_library_passes_its_tests_in_the_browser(
    tmp_path: Path, open_context: Callable[..., BrowserContext]
) -> None:
    files = sources("pyproject.toml", "src/circuit_explainer", *TESTED, "tests/parity/fixtures")
    inside = [path for path in files if not _outside(path)]
    packages = ("pytest", "pluggy", "iniconfig", "packaging", "pygments")
    report = json.loads(run_in_pyodide(open_context().new_page(), tmp_path, RUN, inside, packages)["report"])
    assert report["platform"] == "emscripten"
    failed = {name: told for name, told in report["outcomes"].items() if told != "passed"}
    assert failed == {}, next(iter(failed.values()))
    ran = {name.split("::")[0] for name in report["outcomes"]}
    assert {"tests/core/run/test_ops.py", "tests/core/test_model.py", "tests/core/test_parity.py"} <= ran
    assert {"tests/circuits/test_composition.py", "tests/training/test_backward.py"} <= ran
    assert report["code"] == 0


def _outside(path: Path) -> bool:
    if not path.name.startswith("test_"):
        return False
    text = path.read_text(encoding="utf-8")
    return any(f"import {name}" in text or f"from {name}" in text for name in OUTSIDE)
