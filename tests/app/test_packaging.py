"""The bundle's list of packages follows the project's, and the recipe is sound."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LEFT_OUT = {"torch", "matplotlib"}  # training and reports are not part of the bundle
SUBSTITUTES = {"opencv-python": "opencv-python-headless"}


def name_of(requirement: str) -> str:
    match = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert match is not None, requirement
    return match[0].lower()


def test_the_bundle_holds_every_package_that_the_program_needs() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = {name_of(requirement) for requirement in project["dependencies"]} - LEFT_OUT
    lines = (ROOT / "packaging" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    bundled = {name_of(line) for line in lines if line and not line.startswith("#")}
    assert {SUBSTITUTES.get(name, name) for name in needed} <= bundled
    assert not bundled & LEFT_OUT


def test_the_recipe_compiles_and_leaves_torch_out() -> None:
    path = ROOT / "packaging" / "litepose-studio.spec"
    text = path.read_text(encoding="utf-8")
    compile(text, str(path), "exec")
    assert '"torch"' in text.split("EXCLUDED = [")[1].split("]")[0]
