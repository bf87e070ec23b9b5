"""Names of those who reacted to one post, typed or copied from the app: which post, which kind, whether all."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import ipywidgets as w

from engage.messages import message
from engage.panels import parts
from engage.readers.names import add_reactions
from engage.study import Study

KINDS = ("like", "comment", "share", "save")
LISTED = 500
"""The newest posts that can be picked."""


class PasteForm(w.VBox):
    """A post, a kind and a box for names; `done(study, add)` is called with the study that has them, and with what
    adds them to a study, should its files be read again."""

    def __init__(self, panel: parts.Panel, done: Callable[[Study, Callable[[Study], Study]], None]) -> None:
        self.panel, self.done = panel, done
        self.study = Study()
        self.key: bytes | None = None
        say = panel.words.say
        self.post = w.Dropdown(description=say(message("Post")), layout=parts.wide())
        self.kind = w.Dropdown(options=[(panel.words.label(k), k) for k in KINDS], description=say(message("Kind")))
        self.names = w.Textarea(
            description=say(message("Names")), rows=5,
            placeholder=say(message("one name a line, or as copied from Instagram's list")), layout=parts.wide(),
        )  # fmt: skip
        self.all = w.Checkbox(
            value=True, description=say(message("These are all who reacted in this way")), indent=False
        )
        add = parts.button(say(message("Add these names")))
        add.on_click(self._add)
        why = message("No official export names who liked a post. The app shows the list: copy it and paste it here."
                      " Only posts whose reactions are all named count in the segments.")  # fmt: skip
        head = parts.heading(panel, message("Paste who reacted to a post"))
        told = parts.html(f"<p>{panel.say(why)}</p>")
        super().__init__([head, told, self.post, self.kind, self.names, self.all, add])

    def show(self, study: Study, key: bytes | None) -> None:
        """Offer the posts of a study, the newest first; those whose reactions are all named bear a mark."""
        self.study, self.key = study, key
        posts = study.posts[study.posts["account_id"] == study.owner].sort_values("published_at", ascending=False)
        done = set(study.coverage.loc[study.coverage["complete"].fillna(False).astype(bool), "post_id"])
        chosen = self.post.value
        self.post.options = [(self._name(row, row.post_id in done), row.post_id)
                             for row in posts.head(LISTED).itertuples()]  # fmt: skip
        ids = [key for _, key in self.post.options]
        self.post.index = ids.index(chosen) if chosen in ids else 0 if ids else None
        self.layout.display = "" if len(posts) else "none"

    def _name(self, row: Any, done: bool) -> str:
        caption = row.caption if isinstance(row.caption, str) else ""
        at = self.panel.words.date(row.published_at) if row.published_at == row.published_at else "–"
        return f"{'✓ ' if done else ''}{at} · {' '.join(caption.split())[:50] or row.post_id}"

    def _add(self, _: Any) -> None:
        parts.guarded(PasteForm._added)(self.panel, self)

    @staticmethod
    def _added(panel: parts.Panel, form: PasteForm) -> None:
        before = form.study.notes
        add = partial(add_reactions, post_id=form.post.value, text=form.names.value, kind=form.kind.value,
                      complete=form.all.value, key=form.key)  # fmt: skip
        more = add(form.study)
        form.names.value = ""
        form.done(more, add)
        fresh = [note.message for note in more.notes if note not in before]
        panel.note(message("{sentences}", sentences=" ".join(panel.words.say(sentence) for sentence in fresh)))
