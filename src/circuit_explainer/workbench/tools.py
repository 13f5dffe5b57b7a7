"""What the workbench does that is no function of controls: each tool takes commands, and may talk in mid-work."""

from __future__ import annotations

import traceback
from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import Any

from circuit_explainer.exhibits.quoted import readable
from circuit_explainer.zoo import MissingModel

Say = Callable[[dict[str, Any]], None]
Answer = dict[str, Any]
Handle = Callable[[str, dict[str, Any], bytes | None, Say], Awaitable[Answer]]

# Tools by name, and the module of each, whose `handle` is called; loaded when it is first asked for.
TOOLS: dict[str, str] = {
    "cell": "circuit_explainer.workbench.cell.tool",
    "lab": "circuit_explainer.workbench.lab.tool",
    "own": "circuit_explainer.workbench.own.tool",
}


class ToolError(ValueError):
    """Something that the reader asked for cannot be done; the text says what, and what to do."""


async def run(tool: str, command: str, request: dict[str, Any], data: bytes | None, say: Say) -> Answer:
    """Run a command of a tool and return its answer, strict JSON but for the bytes under "file".

    Args:
        tool, command: by name.
        request: what the command needs.
        data: the bytes of a file that comes with it.
        say: posts JSON data to the page at once.

    Returns:
        What the tool answers, {"needs": file} for what the page has to bring first, or {"error": sentence}.
    """
    if tool not in TOOLS:
        return {"error": f"There is no tool {tool!r:.40}; the tools are {', '.join(TOOLS)}."}
    try:
        handle: Handle = import_module(TOOLS[tool]).handle
        return await handle(command, request, data, say)
    except MissingModel as missing:
        return {"needs": f"{missing.name}.safetensors"}
    except ToolError as error:
        return {"error": readable(str(error))}  # a file's name is the reader's
    except Exception as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        place = f"line {frame.lineno} of {frame.filename.rpartition('/')[2]}"
        return {"error": f"The code stopped ({place}): {type(error).__name__}: {readable(str(error))}"}
