import pytest

from circuit_explainer.workbench.own.words import bytes_of, count_of, time_of


@pytest.mark.parametrize(
    ("count", "said"),
    [(3, "1 kB"), (12_345, "12 kB"), (999_499, "999 kB"), (999_500, "1 MB"), (498e6, "498 MB"), (999.5e6, "1.0 GB")],
)
def test_bytes(count: float, said: str) -> None:
    assert bytes_of(int(count)) == said


@pytest.mark.parametrize(
    ("count", "said"), [(11_008, "11,008"), (124_439_808, "124.4 million"), (1.24e9, "1.24 billion")]
)
def test_counts(count: float, said: str) -> None:
    assert count_of(int(count)) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.02, "less than 0.1 seconds"), (2.52, "about 2.5 seconds"), (9.96, "about 10 seconds"),
        (40.2, "about 40 seconds"), (300, "about 5 minutes"),
    ],
)  # fmt: skip
def test_times(seconds: float, said: str) -> None:
    assert time_of(seconds) == said
