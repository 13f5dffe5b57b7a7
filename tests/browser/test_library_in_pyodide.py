"""The library's own tests, the same files, run by the browser's Python: both Pythons give the same numbers."""

import json
import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext

from tests.pyodide_page import ROOT, run_in_pyodide, sources

# What the browser does not have: two libraries of compiled code, hypothesis, processes and signals.
LACKING = re.compile(
    r"^(import|from) (hypothesis|safetensors|tokenizers|subprocess|tests\.core\.alarm)\b", re.MULTILINE
)
# All files that need some of it. Everything else runs in both Pythons.
OUTSIDE = {
    "tests/circuits/test_any_circuit.py",
    "tests/circuits/test_imports.py",
    "tests/core/files/test_any_file.py",
    "tests/core/files/test_library.py",
    "tests/core/test_alarm.py",
    "tests/core/test_any_config.py",
    "tests/core/test_imports.py",
    "tests/core/test_memory.py",
    "tests/core/tokenizers/bpe/test_any_file.py",
    "tests/core/tokenizers/bpe/test_any_text.py",
    "tests/core/tokenizers/bpe/test_library.py",
    "tests/core/tokenizers/test_any_text.py",
    "tests/training/test_any_config.py",
    "tests/training/test_damaged_state.py",
    "tests/training/test_imports.py",
}
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
    files = {
        path.relative_to(ROOT).as_posix(): path
        for path in sources("pyproject.toml", "src/circuit_explainer", *TESTED, "tests/parity/fixtures")
    }
    tests = {name for name in files if re.fullmatch(r"tests/.*/test_\w+\.py", name)}
    assert {name for name in tests if LACKING.search(files[name].read_text(encoding="utf-8"))} == OUTSIDE
    inside = [path for name, path in files.items() if name not in OUTSIDE]
    packages = ("pytest", "pluggy", "iniconfig", "packaging", "pygments")
    report = json.loads(run_in_pyodide(open_context().new_page(), tmp_path, RUN, inside, packages, 600)["report"])
    assert report["platform"] == "emscripten"
    failed = {name: told for name, told in report["outcomes"].items() if told != "passed"}
    assert failed == {}, next(iter(failed.values()))
    assert {name.split("::")[0] for name in report["outcomes"]} == tests - OUTSIDE
    assert report["code"] == 0
