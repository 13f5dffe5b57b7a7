"""The package as others install it: a wheel, in an environment with numpy and nothing else."""

import importlib.util
import subprocess
import sys
import venv
from importlib.metadata import distribution
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# Isolated: nothing of this checkout, of its environment or of the environment's variables is found.
LOADS = """
import sys
from pathlib import Path

import circuit_explainer
from circuit_explainer import zoo

assert Path(circuit_explainer.__file__).is_relative_to(sys.prefix), circuit_explainer.__file__
for name in zoo.names():
    model = zoo.load(name)
    model(model.to_tokens("the cat sat . the cat"))
    print(name, zoo.facts(name)["sha256"][:8])
print(len(zoo.checkpoints("induction-2l")), "checkpoints")
circuit_explainer.scores(zoo.load("by-hand"))
"""


def run(*command: str | Path, at: Path) -> str:
    """What a command prints; what it says of its failure fails the test."""
    done = subprocess.run([str(part) for part in command], cwd=at, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a new environment with the numpy of this one, and the wheel installed by pip."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check")
    # Without hatchling here, pip fetches it.
    here = ["--no-build-isolation"] if importlib.util.find_spec("hatchling") else []
    run(*pip, "wheel", "--quiet", "--no-deps", *here, "--wheel-dir", folder, ROOT, at=folder)
    venv.create(folder / "env", symlinks=True, with_pip=False)
    python = folder / "env" / "bin" / "python"
    packages = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", at=folder).strip())
    numpy = distribution("numpy")
    for top in {path.parts[0] for path in numpy.files or ()} - {".."}:
        (packages / top).symlink_to(str(numpy.locate_file(top)))
    # Without an index: a second dependency could not be had.
    run(*pip, "--python", python, "install", "--quiet", "--no-index", *folder.glob("*.whl"), at=folder)
    return python


def test_every_model_of_the_zoo_loads(python: Path) -> None:
    from circuit_explainer import zoo

    told = run(python, "-I", "-c", LOADS, at=python.parent)
    assert [line.split()[0] for line in told.splitlines()[:-1]] == list(zoo.names())
    assert told.splitlines()[-1] == "40 checkpoints"


def test_the_command_line_scores_a_checkpoint(python: Path) -> None:
    (model,) = python.parents[1].glob("lib/*/site-packages/circuit_explainer/zoo/models/induction-2l.safetensors")
    told = run(python, "-I", "-m", "circuit_explainer", "score", model, "--sequences", "1", at=python.parent)
    assert [line.split()[0] for line in told.splitlines()] == ["head", "L0H0", "L0H1", "L1H0", "L1H1"]
