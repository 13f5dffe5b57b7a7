"""The site's colours as numbers: contrast, simulated colour-vision deficiency, difference between two colours."""

import re
from pathlib import Path

import numpy as np

from circuit_explainer.core.arrays import Array

TOKENS = Path(__file__).parents[2] / "src" / "circuit_explainer" / "web" / "css" / "tokens.css"
# Machado, Oliveira and Fernandes (2009), for the complete lack of one kind of cone; on linear RGB.
DEFICIENCIES = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
WHITE = np.array([0.95047, 1.0, 1.08883])


def tokens(scheme: str) -> dict[str, str]:
    """Every custom property that is a colour, in the first settings of one scheme."""
    css = TOKENS.read_text(encoding="utf-8").split("@media")[0]
    pairs = re.findall(r"--ce-([\w-]+): light-dark\((#\w+), (#\w+)\)", css)
    return {name: dark if scheme == "dark" else light for name, light, dark in pairs}


def sequential() -> list[str]:
    """The colours of the scale for numbers of one sign."""
    found = re.search(r"--ce-sequential: ([^;]+);", TOKENS.read_text(encoding="utf-8"))
    assert found
    return found[1].split(", ")


def linear(colour: str) -> Array:  # "#rrggbb" -> [3], linear RGB
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    values = np.array([int(digits[at : at + 2], 16) for at in (0, 2, 4)]) / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def luminance(colour: str) -> float:
    return float(TO_XYZ[1] @ linear(colour))


def contrast(one: str, other: str) -> float:
    """WCAG's contrast ratio, from 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def seen(colour: str, deficiency: str | None) -> Array:
    """A colour in CIELAB, as it looks with a deficiency of colour vision."""
    rgb = linear(colour)
    if deficiency:
        rgb = np.clip(np.array(DEFICIENCIES[deficiency]) @ rgb, 0, 1)
    scaled = TO_XYZ @ rgb / WHITE
    f = np.where(scaled > (6 / 29) ** 3, np.cbrt(scaled), scaled / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def difference(one: str, other: str, deficiency: str | None = None) -> float:
    """ΔE (CIE 1976): about 2 can just be told apart side by side."""
    return float(np.linalg.norm(seen(one, deficiency) - seen(other, deficiency)))
