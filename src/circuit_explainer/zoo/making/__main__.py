"""``python -m circuit_explainer.zoo.making`` makes all shipped models anew and compares them with the stored ones.

It writes the model files and their facts (``models.json``), and says whether the bytes are those recorded before.
Names as arguments choose some of the models.
"""

from __future__ import annotations

import os
import sys

from circuit_explainer.zoo.making.make import make
from circuit_explainer.zoo.making.text.corpus import Problem

# One thread and one set of kernels: sums in another order or width round differently, and the bytes would then
# depend on the machine. numpy and torch read these only when they are first imported, hence the new process.
PINNED = {
    "OPENBLAS_NUM_THREADS": "1",
    "OPENBLAS_CORETYPE": "Haswell",
    "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR",
    # The same for torch and its products.
    "ATEN_CPU_CAPABILITY": "avx2",
    "MKL_CBWR": "AVX2",
}
# Freed memory is kept: giving it back after each array takes a third of the time.
QUICK = {"MALLOC_TRIM_THRESHOLD_": str(1 << 29), "MALLOC_MMAP_THRESHOLD_": str(1 << 29)}


def main(arguments: list[str]) -> int:
    """Make the named models, or all; 0 if every one has the bytes recorded before."""
    if any(os.environ.get(name) != value for name, value in PINNED.items()):
        os.environ.update(PINNED | QUICK)
        os.execv(sys.executable, [sys.executable, "-m", "circuit_explainer.zoo.making", *arguments])
    try:
        return make(arguments)
    except (Problem, ValueError) as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
