import re
from typing import Any

import numpy as np
import pytest

from circuit_explainer.core import given


@pytest.mark.parametrize("wrong", [0, 4, 1.0, "1", True, None, [2]])
def test_whole_numbers(wrong: Any) -> None:
    assert [given.whole("n", n, 1, 3) for n in (1, 3, np.int64(2))] == [1, 3, 2]
    assert given.whole("n", 10**9, 1) == 10**9
    with pytest.raises(ValueError, match=re.escape(f"n must be a whole number between 1 and 3; got n={wrong!r}.")):
        given.whole("n", wrong, 1, 3)
    with pytest.raises(ValueError, match=r"^n must be a whole number of at least 5; got n="):
        given.whole("n", wrong, 5)


@pytest.mark.parametrize("wrong", [3, -1, 0.5, "a", True, [], [[0], [1, 2]], [2**70], None])
def test_known_ids(wrong: Any) -> None:
    assert given.known_ids("token", [[0, 2]], 3).tolist() == [[0, 2]]
    assert given.known_ids("token", 1, 3).shape == ()
    with pytest.raises(ValueError, match=r"^token must (be an integer between 0 and 2|have rows of one length); got "):
        given.known_ids("token", wrong, 3)


def test_positions() -> None:
    assert [given.position(n, 3) for n in (-3, -1, 0, 2)] == [0, 2, 0, 2]
    for wrong in (3, -4, 0.5):
        with pytest.raises(
            ValueError, match=rf"^position must be a whole number between -3 and 2; got position={wrong}"
        ):
            given.position(wrong, 3)
