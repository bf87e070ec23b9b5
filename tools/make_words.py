"""Collect every sentence of engage/ into engage/words/engage.pot: `make words`."""

import io
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

ROOT = Path(__file__).resolve().parent.parent
CATALOG = ROOT / "engage" / "words" / "engage.pot"
KEYWORDS = {"message": None, "plural": (1, 2)}


def collect() -> str:
    """Return the catalog as text: sorted, without dates or line numbers; it changes when the words do."""
    catalog = Catalog(charset="utf-8")
    found = extract_from_dir(
        ROOT / "engage", keywords=KEYWORDS, comment_tags=("TRANSLATORS:",), strip_comment_tags=True
    )
    for name, _, key, comments, _ in found:
        catalog.add(key, locations=[(f"engage/{name}", 0)], auto_comments=comments)
    file = io.BytesIO()
    write_po(file, catalog, omit_header=True, sort_output=True, include_lineno=False, width=100)
    return file.getvalue().decode("utf-8")


if __name__ == "__main__":
    CATALOG.parent.mkdir(exist_ok=True)
    text = collect()
    CATALOG.write_text(text, encoding="utf-8", newline="\n")
    print(f"{text.count('msgid ')} sentences in {CATALOG.relative_to(ROOT)}")
