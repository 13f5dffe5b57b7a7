import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pytest

from circuit_explainer.core import Transformer, ops
from circuit_explainer.core.forward import forward, pack

TOKENS = np.array([[1, 2, 3, 4, 1, 2]])


def test_packing_puts_q_k_and_v_side_by_side(make_model: Callable[..., Transformer]) -> None:
    model = make_model()
    packed = pack(model.cfg, model.weights)
    assert packed.qkv[0].shape == (7, 3 * 3 * 5)
    for kind, name in enumerate("QKV"):
        for head in range(3):
            columns = slice((kind * 3 + head) * 5, (kind * 3 + head + 1) * 5)
            np.testing.assert_array_equal(packed.qkv[1][:, columns], getattr(model, f"W_{name}")[1, head])
            np.testing.assert_array_equal(packed.qkv_bias[1][columns], getattr(model, f"b_{name}")[1, head])


def test_both_sides_of_the_switch_agree(
    make_model: Callable[..., Transformer], monkeypatch: pytest.MonkeyPatch
) -> None:
    model = make_model(normalization_type="LN", positional_embedding_type="shortformer")
    outputs = []
    for blas in (True, False):
        monkeypatch.setattr(ops, "BLAS", blas)
        outputs.append(forward(model.cfg, pack(model.cfg, model.weights), TOKENS, lambda name, value: value))
    # float64, sums in another order.
    np.testing.assert_allclose(outputs[0], outputs[1], rtol=1e-10, atol=1e-10)


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
