"""The panel of a study: what was read, and what it can answer."""

from __future__ import annotations

from dataclasses import replace
from html import escape

from engage.messages import message
from engage.panels import parts
from engage.panels.guide import next_ways
from engage.study import Note, Study

SHOWN = 12
"""Notes shown at once; the rest are folded, never dropped."""


class StudyPanel(parts.Panel):
    """Shows what a `Study` holds, its notes, and what can be answered with it."""

    def __init__(self, result: Study, *, language: str | None = None) -> None:
        super().__init__(result, language=language, study=result)
        self.show(parts.html(self.brief(result)))

    def brief(self, study: Study) -> str:
        """One line that says what is open, and its warnings."""
        if study.is_empty:
            return self.about(study)
        sizes = [(message("{n} followers", n=len(study.followers)), len(study.followers)),
                 (message("{n} posts", n=len(study.posts)), len(study.posts)),
                 (message("{n} reactions by name", n=len(study.interactions)), len(study.interactions)),
                 (message("{n} accounts", n=len(study.accounts)), len(study.accounts) > 1)]  # fmt: skip
        line = message("{title}: {sizes}.", title=self._title(study), sizes=[size for size, known in sizes if known])
        return f"<p><strong>{self.say(line)}</strong></p>{self._abilities(study)}{self._notes(study)}"

    def _title(self, study: Study) -> str:
        return study.settings.title or study.owner.partition(":")[2] or study.id

    def about(self, study: Study) -> str:
        """The study as a piece of page."""
        if study.is_empty:
            none = self.say(message("No study is open. Bring your data, or open a made-up sample on the start page."))
            told = parts.notes(self, study.notes)
            bring, start = self.say(message("Bring your data")), self.say(message("Start page"))
            links = f'<a class="eg-next" href="1-bring-your-data.ipynb">{bring}</a> <a href="start.ipynb">{start}</a>'
            return f'{told}<div class="eg-missing"><p>{none}</p><p>{links}</p></div>'
        words = self.words
        title = self.say(self._title(study))
        dates = study.posts["published_at"].dropna()
        sizes = [
            (message("Followers listed"), len(study.followers), message("with names")),
            (message("Posts"), len(study.posts), message("in the files")),
            (message("Reactions by name"), len(study.interactions), message("likes and comments")),
            (message("Orders"), len(study.sales), message("in the files")),
            (message("Accounts"), len(study.accounts) if len(study.accounts) > 1 else 0, message("in the files")),
        ]
        cards = [(words.say(label), words.number(n), words.say(small)) for label, n, small in sizes if n]
        span = ""
        if len(dates):
            text = message("Posts from {first:date} to {last:date}.", first=dates.min(), last=dates.max())
            span = f'<p class="eg-caption">{self.say(text)}</p>'
        return f"<h3>{title}</h3>{parts.figures(cards)}{span}{self._notes(study)}{self._abilities(study)}"

    def bring_next(self, study: Study) -> str:
        """What would tell more, and where to click for it; the two most useful are open once something was read."""
        ways = next_ways(study)
        shown = 0 if study.is_empty else 2
        rows = [f'<details class="eg-how" {"open" if i < shown else ""}><summary>{self.say(way.brings)}</summary>'
                f"<p>{self.say(way.steps)}</p></details>" for i, way in enumerate(ways)]  # fmt: skip
        what = message("Where to get such files") if study.is_empty else message("What to bring next")
        title, checked = self.say(what), self.say(ways[0].checked)
        return f'<h3>{title}</h3>{"".join(rows)}<p class="eg-caption">{checked}</p>'

    def _abilities(self, study: Study) -> str:
        rows = []
        for name, (have, of) in study.abilities.items():
            mark = "●" if have and have >= of else "◐" if have else "○"
            count = message("{have} of {of}", have=have, of=of) if of else message("nothing")
            rows.append(f"<tr><td>{mark} {self.say(self.words.label(name))}</td><td>{self.say(count)}</td></tr>")
        title = self.say(message("What this data can answer"))
        known, much = self.say(message("what is known")), self.say(message("how much"))
        head = f"<th scope='col'>{known}</th><th scope='col'>{much}</th>"
        return (f'<details class="eg-how"><summary>{title}</summary><table class="eg-table"><thead><tr>{head}</tr>'
                f"</thead><tbody>{''.join(rows)}</tbody></table></details>")  # fmt: skip

    def _notes(self, study: Study) -> str:
        loud = [note for note in study.notes if note.level in ("error", "warning")]
        quiet = [note for note in study.notes if note not in loud]
        shown, rest = loud[:SHOWN], loud[SHOWN:] + quiet
        text = parts.notes(self, shown)
        heads = [note for note in rest if {"what", "sizes"} <= note.message.values.keys()]
        for head in heads:
            own = [note for note in rest if _of(note, head)]
            rest = [note for note in rest if note not in own]
            sure = message("Guessed from its columns.") if head.level == "guess" else message("Known by its content.")
            summary = f"<summary>{escape(head.source)} <span>{self.say(head.message)} {self.say(sure)}</span></summary>"
            inside = parts.notes(self, [replace(note, source=_inside(note, head)) for note in own if note is not head])
            text += f'<details class="eg-how">{summary}{inside}</details>'
        if rest:
            title = self.say(message("What was read and guessed ({n} notes)", n=len(rest)))
            text += f'<details class="eg-how"><summary>{title}</summary>{parts.notes(self, rest)}</details>'
        return text


def _of(note: Note, head: Note) -> bool:
    """Whether a note is about the file that `head` sums up, or about a sheet or member of it."""
    return note.source == head.source or note.source.startswith(f"{head.source}/")


def _inside(note: Note, head: Note) -> str:
    """Where in its file a note's matter is; empty for the file as a whole."""
    return note.source.removeprefix(head.source).removeprefix("/")
