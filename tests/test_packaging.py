"""An installed wheel holds everything that a checkout does: a style sheet or a migration left out fails here."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
SETUPTOOLS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]


def test_every_file_of_the_program_is_packaged():
    present = {
        path
        for package in ("app", "components", "models")
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    modules = {path for path in present if path.suffix == ".py" and (path.parent / "__init__.py").exists()}
    data = {
        path
        for package, patterns in SETUPTOOLS["package-data"].items()
        for pattern in patterns
        for path in (ROOT / package).glob(pattern)
    }

    assert sorted(present - modules - data) == []
