import math

import numpy as np
import pytest

from circuit_explainer.training.adam import Moments, adam_step, clip


def test_equals_the_algorithm_number_by_number() -> None:
    rng = np.random.default_rng(0)
    theta, slow = np.array([1.0, -2.0, 0.5]), [1.0, -2.0, 0.5]
    state = Moments(np.zeros(3), np.zeros(3))
    m, v = [0.0] * 3, [0.0] * 3
    for t in range(1, 6):
        grad, lr = rng.standard_normal(3), 0.1 / t
        adam_step(theta, grad, state, lr)
        for n in range(3):
            m[n] = 0.9 * m[n] + 0.1 * grad[n]
            v[n] = 0.98 * v[n] + 0.02 * grad[n] ** 2
            slow[n] -= lr * (m[n] / (1 - 0.9**t)) / (math.sqrt(v[n] / (1 - 0.98**t)) + 1e-8)
        # float64, the same few operations.
        np.testing.assert_allclose(theta, slow, rtol=1e-12)
    assert state.steps == 5


def test_clip() -> None:
    grad = np.array([3.0, 4.0])
    assert clip(grad, 10) == 5
    assert grad.tolist() == [3, 4]
    assert clip(grad, 1) == 5
    assert grad == pytest.approx([0.6, 0.8])
