"""Numbers as readers read them."""

from __future__ import annotations


def bytes_of(count: int) -> str:
    """A size: "498 MB", "2.0 GB", "12 kB"."""
    if count >= 999_500_000:
        return f"{count / 1e9:.1f} GB"
    return f"{count / 1e6:.0f} MB" if count >= 999_500 else f"{max(1, round(count / 1e3))} kB"


def count_of(count: int) -> str:
    """A number of parameters: "124.4 million", "1.24 billion", "11,008"."""
    if count >= 1e9:
        return f"{count / 1e9:.2f} billion"
    return f"{count / 1e6:.1f} million" if count >= 1e6 else f"{count:,}"


def time_of(seconds: float) -> str:
    """A time: "less than 0.1 seconds", "2.5 seconds", "40 seconds", "3 minutes"."""
    if seconds < 0.1:
        return "less than 0.1 seconds"
    if seconds < 9.95:
        return f"about {seconds:.1f} seconds"
    return f"about {seconds:.0f} seconds" if seconds < 120 else f"about {seconds / 60:.0f} minutes"
