"""Build step: makes the chart bundle, and packs the notebooks and samples into a wheel.

Packing is done here and not in pyproject.toml, because there it would also copy the notebooks into an
editable installation, where they would go stale.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKED = {"notebooks": "engage/_notebooks", "data/samples": "engage/_samples"}


class EngageHook(BuildHookInterface):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        spec = importlib.util.spec_from_file_location("bundle", root / "engage/charts/bundle.py")
        assert spec and spec.loader
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        module.build(root / "engage/charts/static")
        if self.target_name != "wheel" or version == "editable":
            return
        for source, target in PACKED.items():
            for path in sorted((root / source).rglob("*")):
                if path.is_file() and ".ipynb_checkpoints" not in path.parts:
                    inside = path.relative_to(root / source).as_posix()
                    build_data["force_include"][str(path)] = f"{target}/{inside}"
