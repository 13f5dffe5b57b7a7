"""What a form element holds, before a control has made a Python value of it."""

from __future__ import annotations

Wire = str | float | bool | list[str]
"""What a form element holds: text, a number, true or false, a list of texts."""
Option = str | int | float
"""What a `Choice` offers."""
