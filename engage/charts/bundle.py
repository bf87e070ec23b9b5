"""The JavaScript that draws charts: built once from vl-convert, never fetched, never committed.

The build hook runs `build` when a package is made; `bundle` builds at first use from a source checkout.
Nothing here imports `engage`, because the hook runs before the package can be imported.
"""

from __future__ import annotations

import os
from importlib.metadata import version
from pathlib import Path

VEGA_LITE = "6.4"


def mark() -> str:
    """What the bundle is made of; another mark means that it must be built again."""
    return f"vl-convert {version('vl-convert-python')} vega-lite {VEGA_LITE}\n"


def build(folder: Path) -> str:
    """Return the bundle, building it into `folder` when it is missing there or made by another version."""
    script, made_by = folder / "vega.js", folder / "vega.version"
    if script.exists() and made_by.exists() and made_by.read_text(encoding="utf-8") == mark():
        return script.read_text(encoding="utf-8")
    import vl_convert

    text: str = vl_convert.javascript_bundle("export {vegaEmbed};", vl_version=VEGA_LITE)
    try:
        for path, content in ((script, text), (made_by, mark())):
            fresh = path.with_name(f"{path.name}.{os.getpid()}")
            fresh.write_text(content, encoding="utf-8")
            fresh.replace(path)
    except OSError:
        pass  # an installed package may be read-only: the text is used all the same
    return text


def bundle() -> str:
    """Return the bundle that belongs to this installation (0.9 MB of text)."""
    return build(Path(__file__).parent / "static")
