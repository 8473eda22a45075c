"""The Python files of the product, parsed."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("observatory", "interactions", "feedback", "experiments", "reports")
CODE_FOLDERS = (*PACKAGES, "tests", "benchmarks", "sdk", "deploy")


def python_files(*folders: str) -> list[Path]:
    """Paths relative to the repository, without migrations, which are generated."""
    found = [path.relative_to(ROOT) for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return sorted(path for path in found if "migrations" not in path.parts and "node_modules" not in path.parts)


def module_name(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


@cache
def imports_of(path: Path) -> tuple[str, ...]:
    """Every module that the file imports, wherever in the file."""
    names: list[str] = []
    for node in ast.walk(ast.parse((ROOT / path).read_text())):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno} imports relatively"
            # `from package import module` imports the module too.
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return tuple(names)
