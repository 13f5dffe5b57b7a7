"""Apart, since the browser starts no processes."""

import subprocess
import sys

import pytest


def test_the_package_imports_its_parts_only_when_asked() -> None:
    code = (
        "import sys, circuit_explainer\n"
        "assert 'numpy' not in sys.modules\n"
        "import circuit_explainer.core\n"
        "parts = {name.split('.')[1] for name in sys.modules if name.startswith('circuit_explainer.')}\n"
        "assert parts == {'core'}, parts\n"
        "assert circuit_explainer.load is circuit_explainer.core.load\n"
        "assert callable(circuit_explainer.scores)\n"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)
    import circuit_explainer

    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = circuit_explainer.nothing
