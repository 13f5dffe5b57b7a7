"""Command line: assemble the runtime, record its manifest."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .assemble import assemble, make_manifest
from .fetch import fetch
from .places import COMMAND, alone, cache_dir, say
from .problem import Problem


def main(arguments: list[str] | None = None) -> int:
    """Run one command; a problem becomes one line on stderr and exit status 1."""
    parser = argparse.ArgumentParser(prog=COMMAND, description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    made = commands.add_parser("assemble", help="fetch, precompile and check the runtime; quick when nothing changed")
    made.add_argument("out", nargs="?", type=Path, help="folder (default: runtime in the cache)")
    commands.add_parser("fetch", help="only fill the cache")
    commands.add_parser("manifest", help="assemble anew and rewrite manifest.json")
    chosen = parser.parse_args(arguments)
    try:
        if chosen.command == "assemble":
            assemble(chosen.out)
        elif chosen.command == "fetch":
            fill_cache()
        else:
            make_manifest()
    except Problem as problem:
        print(f"runtime: error: {problem}", file=sys.stderr)
        return 1
    return 0


def fill_cache() -> None:
    """Fill the cache with npm packages and numpy's wheel."""
    with alone(cache_dir()):
        sources = fetch(cache_dir())
    say(f"in the cache: {sources.wheel} and {sources.modules}")


if __name__ == "__main__":
    sys.exit(main())
