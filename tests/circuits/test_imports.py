"""Apart, since the browser starts no processes."""

import subprocess
import sys


def test_one_name_loads_no_more_than_it_needs() -> None:
    asked = "import sys; from circuit_explainer.circuits import zero_heads; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    loaded = {name.rpartition(".")[2] for name in done.stdout.split() if name.startswith("circuit_explainer.circuits.")}
    assert loaded == {"ablation", "heads"}
