import math

import numpy as np
import pytest

from circuit_explainer.core.run import activation
from tests.core.slow import bent

# Both sides of every border of the formulas, and beyond the last.
NUMBERS = np.concatenate([np.linspace(-9, 9, 4001), [0.46875, -0.46875, 3.9, 4, 6, -6, 30, -30, 0, -0.0, 1e-300]])


def test_erf_equals_that_of_the_standard_library() -> None:
    exact = np.array([math.erf(x) for x in NUMBERS])
    # Two units in the last place.
    np.testing.assert_allclose(activation.erf(NUMBERS), exact, rtol=5e-16, atol=0)
    single = NUMBERS.astype(np.float32)
    exact = np.array([math.erf(x) for x in single.tolist()])
    # Eleven steps of rounding in float32, of numbers up to 1.
    np.testing.assert_allclose(activation.erf(single), exact, rtol=0, atol=5e-7)
    ends = np.array([np.inf, -np.inf, 1e300, np.nan])
    np.testing.assert_array_equal(activation.erf(ends), [1, -1, 1, np.nan])


@pytest.mark.parametrize("name", activation.FUNCTIONS)
def test_functions_equal_their_definitions(name: str) -> None:
    function = activation.FUNCTIONS[name]
    x = NUMBERS.reshape(4, -1)
    before = x.copy()
    # Absolute: where the function nears 0 from below, 1 + erf and 1 + tanh lose digits, of numbers up to 30.
    np.testing.assert_allclose(function(x), bent(name, x), rtol=1e-14, atol=1e-14)
    single = function(x.astype(np.float32))
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, bent(name, x), rtol=2e-6, atol=2e-6)
    np.testing.assert_array_equal(x, before)


def test_no_overflow_far_out() -> None:
    # A warning would fail the test.
    far = np.array([-1e5, -200, 200, 1e5], np.float32)
    for name, function in activation.FUNCTIONS.items():
        np.testing.assert_allclose(function(far), np.maximum(far, 0), atol=1e-6, err_msg=name)
