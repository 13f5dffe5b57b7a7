"""The public names of the library, and what they can raise, as the tests of its reference ask for them."""

import ast
import builtins
import functools
import importlib
import inspect
import textwrap
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType
from typing import Any

import griffe

ROOT = Path(__file__).parents[2]
PACKAGE = "circuit_explainer"
# The pages on which the names of each module stand.
PAGES = {
    PACKAGE: ("model", "circuits"),
    f"{PACKAGE}.core": ("model",),
    f"{PACKAGE}.core.tokenizers.bpe": ("model",),
    **{f"{PACKAGE}.{page}": (page,) for page in ("circuits", "training", "zoo", "charts", "exhibits")},
}


@functools.cache
def read() -> griffe.Module:
    """The package as the pages are made from it."""
    package = griffe.load(PACKAGE, search_paths=[ROOT / "src"], allow_inspection=False)
    assert isinstance(package, griffe.Module)
    return package


def full_name(module: str, name: str) -> str:
    """Where a public name is defined, as ``circuit_explainer.core.load.load``."""
    found = getattr(importlib.import_module(module), name)
    if inspect.isclass(found) or inspect.isfunction(inspect.unwrap(found)):
        return f"{found.__module__}.{found.__qualname__}"
    return str(read()[f"{module}.{name}".removeprefix(f"{PACKAGE}.")].canonical_path)


def public() -> dict[str, Any]:
    """Every public name of the library, with what it stands for."""
    return {
        full_name(module, name): getattr(importlib.import_module(module), name)
        for module in PAGES
        for name in importlib.import_module(module).__all__
    }


def classes() -> dict[str, type]:
    """The public classes."""
    return {name: found for name, found in public().items() if inspect.isclass(found)}


def methods(cls: type) -> Iterator[tuple[type, str, FunctionType]]:
    """The public methods and properties of a class, each with the class of this project that defines it."""
    for base in cls.__mro__:
        if base.__module__.startswith(PACKAGE):
            for name, value in vars(base).items():
                function = plain(value)
                if function is not None and (not name.startswith("_") or name in ("__call__", "__getitem__")):
                    yield base, name, function


def plain(value: Any) -> FunctionType | None:
    """The function in a method, a property or a wrapper, if it is one and written here."""
    if isinstance(value, classmethod | staticmethod):
        value = value.__func__
    elif isinstance(value, property):
        value = value.fget
    elif isinstance(value, functools.cached_property):
        value = value.func
    value = inspect.unwrap(value) if callable(value) else value
    written = isinstance(value, FunctionType) and value.__module__.startswith(PACKAGE)
    return value if written and Path(value.__code__.co_filename).is_file() else None


def documented() -> dict[str, tuple[str, list[FunctionType], type | None]]:
    """The docstring of each public function, class and method, with the code that runs when it is called."""
    found: dict[str, tuple[str, list[FunctionType], type | None]] = {}
    for name, value in public().items():
        if inspect.isclass(value):
            made = [plain(vars(base).get(key)) for base in value.__mro__ for key in ("__init__", "__post_init__")]
            found[name] = (value.__doc__ or "", [function for function in made if function], value)
            for base, method, code in methods(value):
                found[f"{base.__module__}.{base.__qualname__}.{method}"] = (code.__doc__ or "", [code], base)
        elif (function := plain(value)) is not None:
            found[name] = (function.__doc__ or "", [function], None)
    return found


def raised(function: FunctionType, cls: type | None = None) -> set[type[BaseException]]:
    """The exceptions that a function raises itself, or through functions of this project that it calls by name."""
    return _raised(function, cls, set())


def _raised(function: FunctionType, cls: type | None, seen: set[FunctionType]) -> set[type[BaseException]]:
    if function in seen:
        return set()
    seen.add(function)
    known = {**vars(builtins), **function.__globals__, **({"self": cls, "cls": cls} if cls else {})}
    found: set[type[BaseException]] = set()
    for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(function)))):
        if isinstance(node, ast.Raise) and node.exc is not None:
            error = _resolved(node.exc.func if isinstance(node.exc, ast.Call) else node.exc, known)
            found |= {error} if isinstance(error, type) and issubclass(error, BaseException) else set()
        elif isinstance(node, ast.Call):
            called = _resolved(node.func, known)
            if inspect.isclass(called) and called.__module__.startswith(PACKAGE):
                for key in ("__init__", "__post_init__"):
                    for base in called.__mro__:
                        if (made := plain(vars(base).get(key))) is not None:
                            found |= _raised(made, called, seen)
            elif (inner := plain(called)) is not None:
                method = isinstance(node.func, ast.Attribute) and _resolved(node.func.value, known) is cls
                found |= _raised(inner, cls if method else None, seen)
    return found - {NotImplementedError}


def _resolved(node: ast.AST, known: dict[str, Any]) -> Any:
    if isinstance(node, ast.Name):
        return known.get(node.id)
    if isinstance(node, ast.Attribute):
        base = _resolved(node.value, known)
        return (
            inspect.getattr_static(base, node.attr, None) if inspect.ismodule(base) or inspect.isclass(base) else None
        )
    return None
