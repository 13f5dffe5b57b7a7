"""What a form element holds, before a control has made a Python value of it."""

from __future__ import annotations

Wire = str | float | bool | list[str]
Option = str | int | float
