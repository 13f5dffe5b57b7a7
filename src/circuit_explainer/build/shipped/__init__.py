"""What the site ships: each part with its version and licence, for a page of the site and for its bill of materials."""

from circuit_explainer.build.shipped.bill import FILE, write
from circuit_explainer.build.shipped.page import block, fill
from circuit_explainer.build.shipped.part import Part
from circuit_explainer.build.shipped.parts import owners, parts
from circuit_explainer.build.shipped.texts import FOLDER, texts

__all__ = ["FILE", "FOLDER", "Part", "block", "fill", "owners", "parts", "texts", "write"]
