"""Parts that all panels share: the panel itself, the guard on callbacks, cards, notes, lists."""

from __future__ import annotations

import functools
import os
import traceback
from collections.abc import Callable, Iterable, Sequence
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import ipywidgets as w

from engage.charts.style import css_text
from engage.messages import EngageError, Message, message
from engage.store import current_version, home
from engage.study import Missing, Note, Study
from engage.visit import visit
from engage.words import LANGUAGES, Words

IN_VOILA = "VOILA_PREHEAT" in os.environ or "voila" in os.environ.get("SERVER_SOFTWARE", "")


class Panel(w.VBox):
    """A column of widgets around one result.

    Attributes
    ----------
    result : the live result; whatever the reader moves, it follows.
    words : writes everything this panel says.
    """

    def __init__(self, result: Any, *, language: str | None = None, study: Any = None) -> None:
        settings = getattr(study, "settings", None)
        asked = language or page_language() or getattr(settings, "language", "") or "en"
        self.words = Words(asked, getattr(settings, "time_zone", "Asia/Jakarta"))
        self.result = result
        self.address = html("")
        self.status = html("")
        self.status.add_class("eg-status")  # stays in sight wherever on the page something was pressed
        super().__init__([])
        self.add_class("eg-panel")

    def show(self, *parts: w.Widget | None) -> None:
        """Put the parts in order, below the style (JupyterLab has no template of ours) and above the status."""
        style = [] if IN_VOILA else [html(f"<style>{css_text()}</style>")]
        self.children = [*style, *(part for part in parts if part is not None), self.address, self.status]

    def say(self, what: Any) -> str:
        """Write anything in the panel's language, safe to put into HTML."""
        return escape(self.words.say(what))

    def opened(self, study: Study) -> None:
        """Put the study into the page's address, so that links, a reload and the next page speak of it."""
        self.address.value = f'<span class="eg-open" data-study="{escape(study.id)}" hidden></span>'

    def warn_if_changed(self, study: Study) -> None:
        """Say so when another window has saved the study since this one read it."""
        if study.id and current_version(study) != study.version:
            self.note(message("This study was changed in another window. Reload the page to see it as it is now."),
                      "warning")  # fmt: skip

    def note(self, what: Message, level: str = "info") -> None:
        """Show one sentence at the end of the panel."""
        self.status.value = f'<p class="eg-note -{level}" role="status">{self.say(what)}</p>'


def page_language() -> str:
    """The language of the page around a panel: of its address, or of the folder the notebook is in.

    Empty in a notebook that is not one of ours; there the study's own language holds.
    """
    folder, asked = Path.cwd(), visit().get("lang", "").lower()
    if asked in LANGUAGES:
        return asked
    return folder.name if folder.name in LANGUAGES else "en" if (folder / "start.ipynb").exists() else ""


def guarded(method: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a callback of a Panel: whatever fails becomes a sentence on the page, the details go to a log."""

    @functools.wraps(method)
    def run(self: Panel, *args: Any) -> Any:
        try:
            return method(self, *args)
        except EngageError as error:
            self.note(error.message, "error")
        except Exception:
            path = home() / "engage.log"
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("a", encoding="utf-8", errors="replace") as log:
                log.write(f"{method.__qualname__}\n{traceback.format_exc()}")
            self.note(message("This did not work. Nothing was changed. Details are in {log}.", log=str(path)), "error")

    return run


def html(text: str) -> w.HTML:
    """A piece of page; the text must already be safe."""
    return w.HTML(text)


def figures(cards: Iterable[tuple[str, str, str]]) -> str:
    """Three or four large figures: label, value, and the small line with interval and sample size."""
    inside = "".join(
        f'<div class="eg-figure"><span class="eg-label">{escape(label)}</span>'
        f'<span class="eg-value">{escape(value)}</span><span class="eg-sub">{escape(small)}</span></div>'
        for label, value, small in cards
    )
    return f'<div class="eg-figures">{inside}</div>'


def in_words(panel: Panel, findings: Sequence[Any]) -> str:
    """Findings as a list of sentences."""
    return '<ul class="eg-words">' + "".join(f"<li>{panel.say(f)}</li>" for f in findings) + "</ul>"


def notes(panel: Panel, items: Iterable[Note]) -> str:
    """Notes of a study, the worst first, each with a mark that is not colour alone; the same said once."""
    order = {"error": 0, "warning": 1, "guess": 2, "info": 3}
    grouped: dict[tuple[str, str], list[str]] = {}
    for note in sorted(items, key=lambda note: order[note.level]):
        grouped.setdefault((note.level, panel.words.say(note.message)), []).append(note.source)
    shown = []
    for (level, text), sources in grouped.items():
        where = message("{source} and {n} more", source=sources[0], n=len(sources) - 1)
        source = panel.words.say(where) if len(sources) > 1 else sources[0]
        source = "" if text.startswith(sources[0]) else source
        shown.append(f'<p class="eg-note -{level}">{escape(f"{source}: {text}" if source else text)}</p>')
    return "".join(shown)


def table(panel: Panel, headers: Sequence[Message], rows: Iterable[Sequence[str]], *, of: Message) -> str:
    """The figures behind a picture, folded, for those who cannot see it or want the numbers."""
    head = "".join(f'<th scope="col">{panel.say(header)}</th>' for header in headers)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    title = panel.say(message("The figures as a table"))
    box = f'<div class="eg-table eg-table-box" tabindex="0" role="region" aria-label="{title}: {panel.say(of)}">'
    inside = f"{box}<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    return f'<details class="eg-how"><summary>{title}</summary>{inside}</details>'


def what_to_bring(panel: Panel, missing: Sequence[Missing]) -> w.Widget | None:
    """What could not be worked out and what to bring; offers the sample."""
    if not missing:
        return None
    rows = "".join(f"<li><strong>{panel.say(m.what)}</strong> {panel.say(m.bring)}</li>" for m in missing)
    bring = panel.say(message("Bring your data"))
    sample = panel.say(message("or look at a made-up sample on the start page"))
    links = (f'<p><a class="eg-next" href="1-bring-your-data.ipynb">{bring}</a> '
             f'<a href="start.ipynb">{sample}</a></p>')  # fmt: skip
    return html(f'<div class="eg-missing"><ul>{rows}</ul>{links}</div>')


def how(panel: Panel, lines: Sequence[Message], code: str) -> w.HTML:
    """How this was worked out: folded, with the line of Python that does it."""
    title = panel.say(message("How this was worked out"))
    text = "".join(f"<p>{panel.say(line)}</p>" for line in lines)
    return html(f'<details class="eg-how"><summary>{title}</summary>{text}'
                f'<pre class="eg-code" tabindex="0">{escape(code)}</pre></details>')  # fmt: skip


def sentence(*parts: str | w.Widget) -> w.HBox:
    """A control beside the sentence that it changes."""
    children = [part if isinstance(part, w.Widget) else html(f"<span>{escape(part)}</span>") for part in parts]
    box = w.HBox(children)
    box.add_class("eg-sentence")
    return box


def next_page(panel: Panel, study: Study) -> str:
    """The link to the page that the study can answer, with the study in its address."""
    page, word = "2-active-and-passive.ipynb", message("Next: active and passive followers")
    if len(study.accounts) > 1 and study.followers.empty:
        page, word = "6-compare-influencers.ipynb", message("Next: compare influencers")
    return f'<p><a class="eg-next" href="{page}?study={quote(study.id)}">{panel.say(word)}</a></p>'


def heading(panel: Panel, what: Message) -> w.HTML:
    return html(f"<h3>{panel.say(what)}</h3>")


def button(text: str, *, main: bool = False) -> w.Button:
    made = w.Button(description=text, button_style="primary" if main else "", layout=w.Layout(width="auto"))
    made.add_class("eg-button")
    return made


def wide() -> w.Layout:
    """As wide as its place allows, up to the width of a line of text."""
    return w.Layout(width="100%", max_width="44rem")


def fold(title: str, inside: w.Widget, *, opened: bool = False) -> w.VBox:
    """Something to open when it is wanted; a button, because an ipywidgets Accordion has no keyboard."""
    opener = w.ToggleButton(value=opened, description=title, layout=w.Layout(width="auto"))
    opener.add_class("eg-button")
    inside.layout.display = "" if opened else "none"
    opener.observe(lambda change: setattr(inside.layout, "display", "" if change["new"] else "none"), "value")
    inside.add_class("eg-fold")
    return w.VBox([opener, inside])
