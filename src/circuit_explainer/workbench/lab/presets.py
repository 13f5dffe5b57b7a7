"""Settings worth starting from, each with what it shows; the tests hold them to their names."""

from __future__ import annotations

from dataclasses import dataclass

from circuit_explainer.workbench.lab.settings import Settings

OWN = "your own settings"


@dataclass(frozen=True)
class Preset:
    """Settings, what to watch in their run, and a short name for its curve."""

    settings: Settings
    told: str
    short: str


PRESETS = {
    "watch an induction head form": Preset(
        Settings(), "Watch the loss on repeats: it hardly moves for some 130 steps, then falls within 70.", "two layers"
    ),
    "one layer: it never does": Preset(
        Settings(layers=1), "The same run with one layer. The loss on repeats stays near an even guess, or above it.",
        "one layer",
    ),
    "four heads share the job": Preset(
        Settings(heads=4), "Each layer has four heads, a quarter as wide. In layer 1 all four learn induction.",
        "four heads",
    ),
    "learning rate too high": Preset(
        Settings(lr=0.085), "Each step goes too far. The loss climbs, and the run breaks off by itself.",
        "rate too high",
    ),
}  # fmt: skip


def short_name(settings: Settings) -> str:
    """Return the name that a curve of these settings is offered."""
    named = [preset.short for preset in PRESETS.values() if preset.settings == settings]
    return named[0] if named else f"{settings.layers}L{settings.heads}H seed {settings.seed}"
