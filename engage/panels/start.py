"""The start panel: what the account is for, and which study to open."""

from __future__ import annotations

from typing import Any

import ipywidgets as w

from engage.messages import message
from engage.panels import parts
from engage.panels.study import StudyPanel
from engage.readers import sample, samples
from engage.store import Shelf, open_study, remember, remove, save, save_settings, studies
from engage.study import Study

PURPOSES = ("personal", "business", "influencer")
SAMPLES = {
    "kopi-senja": message("a coffee brand: followers, posts, everyone who reacted, an order book"),
    "toko-viral": message("a shop with official exports only, where nobody who reacted is named"),
    "kol-list": message("a rate card of influencers with their recent posts, to compare"),
}


class StartPanel(parts.Panel):
    """Shows the `Shelf`; `result` becomes the study that was opened or begun."""

    def __init__(self, result: Shelf, *, language: str | None = None) -> None:
        current = open_study()
        super().__init__(current, language=language, study=current)
        say = self.words.say
        self.about = w.VBox([])
        self.purpose = w.Dropdown(
            options=[(say(message("not said yet")), ""), *((self.words.label(p), p) for p in PURPOSES)],
            value=current.settings.purpose if current.settings.purpose in PURPOSES else "",
            description=say(message("The account is for")),
        )
        self.purpose.observe(self._purpose, "value")
        self.saved = w.Dropdown(description=say(message("Saved study")))
        self.open = parts.button(say(message("Open this study")), main=True)
        self.open.on_click(self._open)
        self.gone = parts.button(say(message("Remove this study")))
        self.gone.on_click(self._remove)
        names = sorted(samples(), key=lambda name: [*SAMPLES, name].index(name))
        self.sample = w.Dropdown(
            options=[(f"{n} – {say(SAMPLES[n])}" if n in SAMPLES else n, n) for n in names],
            description=say(message("Sample")),
        )
        self.try_it = parts.button(say(message("Open the sample")))
        self.try_it.on_click(self._sample)
        self._list(result)
        own = self.say(message("Begin with your own files"))
        bring = parts.html(f'<p><a class="eg-next" href="1-bring-your-data.ipynb?study=">{own}</a></p>')
        self.kept = w.VBox([parts.heading(self, message("Go on with a saved study")),
                            parts.sentence(self.saved, self.open, self.gone)])  # fmt: skip
        self.kept.layout.display = "" if len(result.studies) else "none"
        self._show()
        self.show(
            parts.heading(self, message("Begin")), bring, self.kept,
            parts.heading(self, message("Or look at a made-up sample")), parts.sentence(self.sample, self.try_it),
            self.about,
        )  # fmt: skip

    def _list(self, shelf: Shelf) -> None:
        rows = shelf.studies.itertuples(index=False)
        named = [(message("{title}, saved {when}", title=row.title, when=self.words.moment(row.saved_at)), row.id)
                 for row in rows]  # fmt: skip
        self.saved.options = [(self.words.say(name), key) for name, key in named]
        self.saved.index = 0 if self.saved.options else None

    def _show(self) -> None:
        """Show the open study and the pages that it can go to."""
        study: Study = self.result
        self.purpose.layout.display = "" if study.id else "none"
        if not study.id:
            told = parts.notes(self, study.notes)
            self.about.children = [parts.html(told)] if told else []
            return
        view = StudyPanel(study, language=self.words.language)
        self.about.children = [parts.heading(self, message("Open now")), view, parts.sentence(self.purpose),
                               parts.html(parts.next_page(self, study))]  # fmt: skip

    def _use(self, study: Study) -> None:
        remember(study)
        self.result = study
        self.purpose.value = study.settings.purpose if study.settings.purpose in PURPOSES else ""
        self._show()
        self.opened(study)

    @parts.guarded
    def _open(self, _: Any) -> None:
        if self.saved.value:
            self._use(open_study(self.saved.value))

    @parts.guarded
    def _remove(self, _: Any) -> None:
        if not self.saved.value:
            return
        folder = remove(self.saved.value)
        if self.result.id == self.saved.value:
            self.result = Study()
            self._show()
            self.opened(self.result)
        self._list(studies())
        self.kept.layout.display = "" if self.saved.options else "none"
        self.note(message("Taken out of the list. It still lies in {folder}; delete that folder to be rid of it.",
                          folder=str(folder)))  # fmt: skip

    @parts.guarded
    def _sample(self, _: Any) -> None:
        name = self.sample.value
        self.note(message("Reading the files of {name}. This takes a few seconds.", name=name))
        self.try_it.disabled = True
        try:
            kept = [row.id for row in studies().studies.itertuples() if row.id == f"sample-{name}"]
            folder = kept[0] if kept else save(sample(name), f"sample-{name}").name
        finally:
            self.try_it.disabled = False
        self._use(open_study(folder))
        self._list(studies())
        self.kept.layout.display = ""
        self.status.value = ""

    @parts.guarded
    def _purpose(self, change: Any) -> None:
        study: Study = self.result
        if study.id and change["new"] != study.settings.purpose:
            self.result = save_settings(study, purpose=change["new"])
