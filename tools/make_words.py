"""Everything a person reads, for the translators: `make words`.

Collects each sentence of engage/ and each markdown cell of the English notebooks into engage.pot, brings the
catalogs of the other languages up to date (what changed is marked fuzzy and stays English until it is looked at),
writes the notebooks of each language from them, and says what is still to be translated.
"""

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from engage.words import CATALOGS, LANGUAGES

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ROOT / "notebooks"
TEMPLATE = CATALOGS / "engage.pot"
TARGETS = [language for language in LANGUAGES if language != "en"]
KEYWORDS = {"message": None, "plural": (1, 2)}


def sources() -> list[Path]:
    """The English notebooks, from which those of the other languages are built."""
    return sorted(NOTEBOOKS.glob("*.ipynb"))


def context(notebook: Path, cell: dict) -> str:
    """What a markdown cell is called in the catalogs: `start:about`."""
    return f"{notebook.stem}:{cell['id']}"


def collect() -> Catalog:
    """Return every sentence, without dates or line numbers: the catalog changes only when the words do."""
    catalog = Catalog(charset="utf-8", fuzzy=False)
    found = extract_from_dir(
        ROOT / "engage", keywords=KEYWORDS, comment_tags=("TRANSLATORS:",), strip_comment_tags=True
    )
    for name, _, key, comments, _ in found:
        catalog.add(key, locations=[(f"engage/{name}", 0)], auto_comments=comments)
    for path in sources():
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "markdown":
                text = "".join(cell["source"])
                catalog.add(text, locations=[(f"notebooks/{path.name}", 0)], context=context(path, cell))
    return catalog


def merged(language: str, template: Catalog) -> Catalog:
    """Return a language's catalog with the sentences of the template: new ones empty, changed ones fuzzy."""
    catalog = read(language)
    catalog.update(template, update_header_comment=False)
    return catalog


def read(language: str) -> Catalog:
    """Return a language's catalog as it is on disk. A new one begins as a file with nothing but its header."""
    with (CATALOGS / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


def written(catalog: Catalog) -> str:
    """Return a catalog as text, sorted; of the header only what a translation needs."""
    for entry in catalog:
        entry.flags.discard("python-format")  # ours are brace formats; "95% interval" only looks like one
    file = io.BytesIO()
    write_po(file, catalog, omit_header=True, sort_output=True, include_lineno=False, ignore_obsolete=True, width=100)
    text = file.getvalue().decode("utf-8")
    if catalog.locale is None:
        return text
    head = (
        f"# {LANGUAGES[str(catalog.locale)]}. How to review it: docs/translating.md\n"
        'msgid ""\nmsgstr ""\n'
        f'"Language: {catalog.locale}\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        f'"Plural-Forms: {catalog.plural_forms}\\n"\n\n'
    )
    return head + text


def fields(text: str) -> list[str]:
    """The values that a pattern names, with how each is written: `share:percent`."""
    return sorted({f"{name}:{form}" for _, name, form, _ in Formatter().parse(text) if name is not None})


def complaints(language: str, catalog: Catalog, template: Catalog) -> Iterator[str]:
    """Say what is missing, unused, stale or wrong in a language's catalog."""
    wanted = {(entry.id, entry.context) for entry in template if entry.id}
    have = {(entry.id, entry.context) for entry in catalog if entry.id}
    for key, where in sorted(wanted - have, key=str):
        yield f"{language}: missing: {where or ''} {key!r}"
    for key, where in sorted(have - wanted, key=str):
        yield f"{language}: unused: {where or ''} {key!r}"
    for entry in catalog:
        if entry.id and (entry.id, entry.context) in wanted:
            yield from (f"{language}: {what}: {entry.id!r}" for what in troubles(entry))


def troubles(entry: Entry) -> Iterator[str]:
    """What is wrong with one translation."""
    strings = [entry.string] if isinstance(entry.string, str) else list(entry.string)
    singular = entry.id if isinstance(entry.id, str) else entry.id[0]
    if not all(strings):
        yield "not translated"
        return
    if entry.fuzzy:
        yield "stale, the English has changed"
    for string in strings:
        if entry.context:
            if links(string) != links(singular):
                yield "has other links"
            continue
        try:
            if fields(string) != fields(singular if len(strings) > 1 or isinstance(entry.id, str) else entry.id[1]):
                yield "names other values"
        except ValueError as error:
            yield f"is no pattern ({error})"


def links(markdown: str) -> list[str]:
    """The targets of the links in a markdown cell."""
    return sorted(part.partition(")")[0] for part in markdown.split("](")[1:])


def build(path: Path, language: str, catalog: Catalog) -> str:
    """Return a notebook in another language: markdown translated, code identical, keyed by cell id."""
    book = json.loads(path.read_text(encoding="utf-8"))
    for cell in book["cells"]:
        entry = catalog.get("".join(cell["source"]), context(path, cell)) if cell["cell_type"] == "markdown" else None
        if entry and entry.string and not entry.fuzzy:
            cell["source"] = entry.string.splitlines(keepends=True)
    title = catalog.get(book["metadata"]["title"])
    if title and title.string and not title.fuzzy:
        book["metadata"]["title"] = title.string
    book["metadata"]["lang"] = language
    return json.dumps(book, indent=1, ensure_ascii=False) + "\n"


def outputs() -> Iterator[tuple[Path, str]]:
    """Every file that `make words` writes, with what should stand in it."""
    template = collect()
    yield TEMPLATE, written(template)
    for language in TARGETS:
        catalog = merged(language, template)
        yield CATALOGS / f"{language}.po", written(catalog)
        for path in sources():
            yield NOTEBOOKS / language / path.name, build(path, language, catalog)


def main() -> int:
    for path, text in outputs():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    template = collect()
    found = [line for language in TARGETS for line in complaints(language, read(language), template)]
    print("\n".join(found) or f"{len(template)} sentences in {', '.join(LANGUAGES.values())}.")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
