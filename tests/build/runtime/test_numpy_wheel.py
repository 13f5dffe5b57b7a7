from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from circuit_explainer.build.runtime.numpy_wheel import CARRIER, INSIDE, numpy_wheel
from circuit_explainer.build.runtime.problem import Problem

from .conftest import Serve

NAME = "numpy-0-py3-none-any.whl"
WHEEL = b"stands for numpy's wheel" * 1000
SHA256 = hashlib.sha256(WHEEL).hexdigest()


@pytest.fixture
def pyodide(tmp_path: Path) -> Path:
    """A Pyodide folder whose lock asks for a small wheel."""
    folder = tmp_path / "pyodide"
    folder.mkdir()
    lock = {"packages": {"numpy": {"file_name": NAME, "sha256": SHA256}}}
    (folder / "pyodide-lock.json").write_text(json.dumps(lock))
    (folder / "package.json").write_text('{"version": "1.2.3"}')
    return folder


def put_carrier(shelf: Path, wheel: bytes, name: str = NAME, method: int = zipfile.ZIP_DEFLATED) -> None:
    """A package of the carrier's name and version that pip accepts."""
    info = CARRIER.replace("-", "_").replace("==", "-") + ".dist-info"
    with zipfile.ZipFile(shelf / info.replace(".dist-info", "-py3-none-any.whl"), "w", method) as archive:
        archive.writestr(INSIDE + name, wheel)
        archive.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: open-webui\nVersion: 0.12.4\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")


def test_from_the_cdn_then_from_the_cache(tmp_path: Path, pyodide: Path, serve: Serve, nowhere: str) -> None:
    path = numpy_wheel(tmp_path / "cache", pyodide, cdn=serve(WHEEL))
    assert path.read_bytes() == WHEEL
    assert numpy_wheel(tmp_path / "cache", pyodide, cdn=nowhere) == path


def test_damaged_in_the_cache(tmp_path: Path, pyodide: Path, serve: Serve, capsys: pytest.CaptureFixture[str]) -> None:
    path = numpy_wheel(tmp_path / "cache", pyodide, cdn=serve(WHEEL))
    path.write_bytes(WHEEL[:-1])
    assert numpy_wheel(tmp_path / "cache", pyodide, cdn=serve(WHEEL)).read_bytes() == WHEEL
    assert f"the cached {NAME} is damaged" in capsys.readouterr().out


@pytest.mark.parametrize("fault", ["down", "wrong bytes", "truncated"])
def test_out_of_the_carrier_where_the_cdn_fails(
    fault: str, tmp_path: Path, pyodide: Path, serve: Serve, nowhere: str, no_package_index: Path
) -> None:
    put_carrier(no_package_index, WHEEL)
    address = {"down": nowhere, "wrong bytes": serve(b"x"), "truncated": serve(b"x", length=9)}[fault]
    path = numpy_wheel(tmp_path / "cache", pyodide, cdn=address)
    assert path.read_bytes() == WHEEL
    assert [entry.name for entry in path.parent.iterdir()] == [NAME], "the carrier must not stay"


def test_wrong_hash_from_every_source(tmp_path: Path, pyodide: Path, serve: Serve, no_package_index: Path) -> None:
    put_carrier(no_package_index, b"not it")
    with pytest.raises(Problem, match=r"numpy's wheel cannot be had\. .*wrong hash .*PyPI: wrong hash .* no longer"):
        numpy_wheel(tmp_path / "cache", pyodide, cdn=serve(b"x"))
    assert list((tmp_path / "cache" / "wheels").iterdir()) == []


def test_carrier_without_the_wheel(tmp_path: Path, pyodide: Path, nowhere: str, no_package_index: Path) -> None:
    put_carrier(no_package_index, WHEEL, name="other.whl")
    with pytest.raises(Problem, match=rf"does not hold {INSIDE}{NAME}"):
        numpy_wheel(tmp_path / "cache", pyodide, cdn=nowhere)


def test_no_network_at_all(tmp_path: Path, pyodide: Path, nowhere: str, no_package_index: Path) -> None:
    with pytest.raises(
        Problem, match=r"no network: .*downloading open-webui.* with pip failed: .*connect to the internet"
    ):
        numpy_wheel(tmp_path / "cache", pyodide, cdn=nowhere)
    assert list(no_package_index.iterdir()) == []


@pytest.mark.parametrize(
    ("method", "doing"),
    [(zipfile.ZIP_STORED, f"downloading {CARRIER} with pip"), (zipfile.ZIP_DEFLATED, f"unpacking {NAME}")],
)
def test_disk_full(
    method: int, doing: str, pyodide: Path, tmp_path: Path, nowhere: str, no_package_index: Path
) -> None:
    put_carrier(no_package_index, WHEEL, method=method)
    script = (
        "import resource; from pathlib import Path\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000))\n"
        "from circuit_explainer.build.runtime.numpy_wheel import numpy_wheel\n"
        f"numpy_wheel(Path({str(tmp_path / 'cache')!r}), Path({str(pyodide)!r}), cdn={nowhere!r})\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert f"DiskFull: disk full while {doing}: free some space" in done.stderr
    assert list((tmp_path / "cache" / "wheels").iterdir()) == []
