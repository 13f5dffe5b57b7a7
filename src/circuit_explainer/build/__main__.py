"""Command line: serve the built site, or make the offline copy of it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from circuit_explainer.build.offline.make import make
from circuit_explainer.build.runtime import Problem
from circuit_explainer.build.serve import make_server
from circuit_explainer.build.version import DATE, VERSION


def main(arguments: list[str] | None = None) -> int:
    """Run one command; a problem becomes one line on stderr and exit status 1."""
    parser = argparse.ArgumentParser(prog="python -m circuit_explainer.build", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="serve the built site on 127.0.0.1")
    serve.add_argument("--folder", type=Path, default=Path("site"))
    serve.add_argument("--port", type=int, default=8000)
    serve.add_argument("--prefix", default="/", help="path under which the site lies, such as /circuit-explainer/")
    offline = commands.add_parser("offline", help="make the copy that opens by a double click, and the zip of it")
    offline.add_argument("--folder", type=Path, default=Path("site"))
    offline.add_argument("--out", type=Path, default=Path("dist"))
    chosen = parser.parse_args(arguments)
    if not (chosen.folder / "index.html").is_file():
        print(f"There is no site in {chosen.folder}. Run `make build` first.", file=sys.stderr)
        return 1
    return _offline(chosen.folder, chosen.out) if chosen.command == "offline" else _serve(chosen)


def _offline(folder: Path, out: Path) -> int:
    try:
        made = make(folder, out, VERSION, DATE)
    except (Problem, OSError, ValueError) as error:
        print(f"The offline copy could not be made: {error}", file=sys.stderr)
        return 1
    print(f"{made} ({made.stat().st_size / 1e6:.1f} MB)")
    return 0


def _serve(chosen: argparse.Namespace) -> int:
    """Serve until interrupted."""
    try:
        server = make_server(chosen.folder, chosen.port, chosen.prefix, quiet=False)
    except OSError as error:
        print(f"Port {chosen.port} cannot be used ({error.strerror}). Try `make serve PORT=8001`.", file=sys.stderr)
        return 1
    print(f"The site is at http://127.0.0.1:{chosen.port}{chosen.prefix} (stop with Ctrl+C)", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        print("Stopped.")
    finally:
        server.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
