"""The panel that takes files in: choose, read with progress, correct columns, paste likers, save."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import replace
from functools import reduce
from typing import Any, NamedTuple

import ipywidgets as w

from engage.messages import Message, ReadError, message, plural
from engage.panels import parts
from engage.panels.choose import FilesForm
from engage.panels.mapping import MappingForm
from engage.panels.paste import PasteForm
from engage.panels.study import StudyPanel
from engage.readers import read, sheets
from engage.store import (
    Inbox,
    current_version,
    go_back,
    home,
    keep_key,
    key_of,
    new_id,
    open_study,
    previous_version,
    read_settings,
    remember,
    save,
    saved_studies,
)
from engage.study import Settings, Study

ZONES = [
    ("WIB (Jakarta)", "Asia/Jakarta"),
    ("WITA (Makassar)", "Asia/Makassar"),
    ("WIT (Jayapura)", "Asia/Jayapura"),
    ("MYT (Kuala Lumpur)", "Asia/Kuala_Lumpur"),
    ("SGT (Singapore)", "Asia/Singapore"),
    ("UTC", "UTC"),
]
MONEY = {"Asia/Kuala_Lumpur": "MYR", "Asia/Singapore": "SGD"}  # of amounts that name no currency
STOPPING = message("Stopping after this step")


class Step(NamedTuple):
    """Something done on this page: what, and the study, its name, its claim, its key and what was pasted before."""

    done: Message
    study: Study
    title: str
    whole: str
    key: bytes | None
    pasted: tuple[Callable[[Study], Study], ...]


class Stopped(Exception):
    """The reader of the page pressed Stop."""


class BringPanel(parts.Panel):
    """Shows the `Inbox`; `result` is the study as it stands: what was read, then what was pasted."""

    def __init__(self, result: Inbox, *, language: str | None = None) -> None:
        current = open_study()
        super().__init__(current, language=language, study=current)
        known = [read_settings(home() / "studies" / name).mappings for name in saved_studies()[::-1]]
        self.mappings: dict[str, Any] = {}  # what was said of a table once holds for all that have its headers
        for mappings in (*known, current.settings.mappings):
            self.mappings |= mappings
        self.key = key_of(current)
        self.base: Study | None = None  # what the files are added to
        self.fresh = False  # whether the result is what was read of them
        self.pasted: tuple[Callable[[Study], Study], ...] = ()  # since then
        self.owner = current.settings.owner  # as the user said
        self.before: list[Step] = []
        self.saved = current  # as it is on disk
        self.paths: list[str] = []
        self.stop = threading.Event()
        self.thread: threading.Thread | None = None
        say = self.words.say
        self.files = FilesForm(self, result)
        self.into = w.Dropdown(description=say(message("These files")), layout=parts.wide())
        self.into.observe(lambda _: self._show_codes(), "value")
        self.codes = w.Checkbox(value=False, indent=False,
                                description=say(message("Put codes in the place of people's names")))  # fmt: skip
        self.codes.observe(lambda _: self._show_codes(), "value")
        self.coded = parts.html("")
        self.reading = self._button(message("Read these files"), self._read, main=True)
        self.cancel = self._button(message("Stop"), self._halt)
        self.bar = w.FloatProgress(min=0, max=1, description=say(message("Reading")), layout=parts.wide())
        self.step = parts.html("")
        self.busy = w.VBox([self.bar, self.step, self.cancel])
        self.busy.layout.display = "none"
        self.forms = w.VBox([])
        self.mine = w.Dropdown(description=say(message("Your account")), layout=parts.wide())
        self.mine.observe(self._choose, "value")
        self.about = StudyPanel(current, language=self.words.language)
        self.paste = PasteForm(self, self._pasted)
        self.title = w.Text(description=say(message("Name")), value=current.settings.title)
        self.zone = w.Dropdown(
            options=ZONES, value=self._home_zone(), description=say(message("Times without a zone are in")),
        )  # fmt: skip
        self.whole = w.Dropdown(
            options=[(say(message("not known")), ""), (say(message("all followers")), "whole"),
                     (say(message("a random sample of them")), "random")],
            value=current.settings.follower_list if current.settings.follower_list in ("whole", "random") else "",
            description=say(message("The list of followers holds")),
        )  # fmt: skip
        self.whole.observe(self._say_whole, "value")
        self.saving = self._button(message("Save this study"), self._save, main=True)
        self.undo = self._button(message("Undo"), self._undo)
        self.back = self._button(message("Go back"), self._back)
        self.forget = self._button(message("Delete the key of the codes"), self._forget)
        self.kept, self.next, self.guide = parts.html(""), parts.html(""), parts.html("")
        self._read_parts = w.VBox([
            parts.heading(self, message("What was read")), self.mine, self.about,
            self.paste,
            parts.heading(self, message("Keep it")),
            parts.sentence(self.whole), parts.sentence(self.title, self.saving), self.kept, self.next,
            w.HBox([self.undo, self.back, self.forget]),
        ])  # fmt: skip
        self._show()
        self.show(
            self.files, self.zone, self.into, self.codes,
            self.coded, self.reading, self.busy, self.forms, self._read_parts,
            self.guide,
        )  # fmt: skip

    def _button(self, text: Message, act: Callable[[Any], Any], *, main: bool = False) -> w.Button:
        button = parts.button(self.words.say(text), main=main)
        button.on_click(act)
        return button

    def _show(self) -> None:
        """Bring everything below the files up to date with the study."""
        study: Study = self.result
        self._read_parts.layout.display = "none" if study.is_empty and not study.notes else ""
        self.about.show(parts.html(self.about.about(study)))
        self.guide.value = self.about.bring_next(study)
        self._show_owners(study.owners)
        self.paste.show(study, self.key)
        self.title.value = self.title.value or study.settings.title or study.owner.partition(":")[2]
        goes_on = not study.is_empty and not study.id.startswith("sample-")  # a sample stays as it came
        goes_on = goes_on and bool(self.key or not study.settings.pseudonymous)
        name = study.settings.title or study.id or study.owner.partition(":")[2]
        add = self.words.say(message("are added to {title}", title=name) if name else message("are added to it"))
        fresh = (self.words.say(message("begin a new study")), "")
        self.into.options = [(add, "add"), fresh] if goes_on else [fresh]
        self.into.value = "add" if goes_on else ""
        self.into.layout.display = "" if goes_on else "none"
        self._show_codes()
        self._show_steps()

    def _show_owners(self, owners: list[str]) -> None:
        """Ask which account is the user's own where the files leave it open."""
        self.mine.unobserve(self._choose, "value")
        self.mine.options = [(name.replace(":", ": @"), name) for name in owners]
        self.mine.value = owners[0] if owners else None
        self.mine.layout.display = "" if len(owners) > 1 else "none"
        self.mine.observe(self._choose, "value")

    @parts.guarded
    def _choose(self, change: Any) -> None:
        self.owner = change["new"] or self.owner
        if self.paths:
            self._start(again=self.fresh)  # rows without an account of their own belong to the one that is chosen
            return
        self._take(self.result.with_(settings=replace(self.result.settings, owner=self.owner)),
                   message("chose your account"))  # fmt: skip
        self._show()

    def _show_codes(self) -> None:
        """Whether names become codes is settled when a study begins; say so, and where the names still are."""
        begun, coded = bool(self.into.value), self.result.settings.pseudonymous
        self.codes.layout.display = "none" if begun else ""
        told = message("In this study codes stand in the place of names; new names become codes in the same way.")
        why = message("The same person gets the same code in every table and every month. The key to the codes is kept"
                      " beside the study: without it nobody can find out who is who. The files that you brought still"
                      " hold the names.")  # fmt: skip
        text = (told if coded else None) if begun else why if self.codes.value else None
        self.coded.value = f'<p class="eg-caption">{self.say(text)}</p>' if text else ""

    def _take(self, study: Study, done: Message) -> None:
        """Go on with a new state of the study; the old one can be had back."""
        self.before = [
            *self.before[-9:],
            Step(done, self.result, self.title.value, self.whole.value, self.key, self.pasted),
        ]
        self.result = study
        self._unsaved(True)

    def _unsaved(self, unsaved: bool) -> None:
        (self.add_class if unsaved else self.remove_class)("eg-unsaved")  # the page asks before it is left

    def _show_steps(self) -> None:
        """What can be undone here, and which saved version can be gone back to."""
        say, saved = self.words.say, previous_version(self.result)
        self.undo.layout.display = "" if self.before else "none"
        self.forget.layout.display = "" if key_of(self.result) else "none"
        if self.before:
            self.undo.description = say(message("Undo: {step}", step=self.before[-1].done))
        self.back.layout.display = "" if saved else "none"
        if saved:
            when = self.words.moment(saved)
            self.back.description = say(message("Go back to the version saved {when}", when=when))
        fresh = message("Not saved yet.") if "eg-unsaved" in self._dom_classes else None
        self.kept.value = f'<p class="eg-caption" role="status">{self.say(fresh)}</p>' if fresh else ""

    @parts.guarded
    def _undo(self, _: Any) -> None:
        now, (done, before, self.title.value, whole, self.key, self.pasted) = self.result, self.before.pop()
        self._claim(whole)
        self.fresh = False  # what is read again from here on is not this study
        if not before.is_empty and before.id in ("", now.id):  # what was saved meanwhile was saved by this page
            before = before.with_(id=now.id, version=now.version)
        self.result = before
        same = all(self.result.tables[name] is frame for name, frame in self.saved.tables.items())
        self._unsaved(not same)
        self._show()
        self.note(message("Undone: {step}", step=done))

    @parts.guarded
    def _back(self, _: Any) -> None:
        self._take(go_back(self.result), message("went back to an earlier version"))
        self.fresh = False
        self.saved = self.result
        self._unsaved(False)
        self._show()
        self.note(message("The earlier version of this study is the current one again."))

    @parts.guarded
    def _forget(self, _: Any) -> None:
        sure = self.words.say(message("Yes, delete the key"))
        if self.forget.description != sure:
            self.forget.description = sure
            self.note(message("Without the key new names can never be joined to this study. The codes stay as they are."
                              " Press again to delete it."), "warning")  # fmt: skip
            return
        keep_key(self.result, None)
        self.key, self.before = None, [step._replace(key=None) for step in self.before]
        self.forget.description = self.words.say(message("Delete the key of the codes"))
        self._show()
        self.note(message("The key is deleted. The codes stay; nobody can find the names from them any more, and new"
                          " names cannot be joined to this study."))  # fmt: skip

    @parts.guarded
    def _read(self, _: Any) -> None:
        self.base = self.result if self.into.value else None
        self.owner = self.base.settings.owner if self.base else ""
        self.paths, self.fresh = self.files.chosen, False
        self._start()

    def _start(self, *, again: bool = False) -> None:
        """Read the files, or read them `again` into the same study: with its name, its key and what was pasted."""
        if not self.paths:
            self.note(message("Choose at least one file first."), "warning")
            return
        if self.reading.disabled:
            return
        self.status.value = ""
        self.stop.clear()
        self.cancel.disabled = False
        self.reading.disabled, self.busy.layout.display = True, ""
        # a thread, so that the button Stop is heard; it sets plain traits only, never an Output
        self.thread = threading.Thread(target=self._work, args=(again,), daemon=True)
        self.thread.start()

    def _home_zone(self) -> str:
        """The study's own zone; for a new one that of the people who speak the page's language."""
        known = [zone for _, zone in ZONES]
        asked = self.result.settings.time_zone if self.result.id else ""
        return asked if asked in known else "Asia/Kuala_Lumpur" if self.words.language == "ms" else "Asia/Jakarta"

    def _halt(self, _: Any) -> None:
        self.stop.set()
        self.cancel.disabled = True
        self.step.value = f"<span>{self.say(STOPPING)}</span>"

    def _progress(self, what: Message, share: float) -> None:
        if self.stop.is_set():
            raise Stopped
        self.bar.value = share
        self.step.value = f"<span>{self.say(what)}</span>"

    @parts.guarded
    def _work(self, again: bool) -> None:
        try:
            base, kept = self.base, self.result
            settings = kept.settings if again or base else Settings(currency=MONEY.get(self.zone.value, "IDR"))
            settings = replace(settings, time_zone=self.zone.value, mappings=self.mappings, owner=self.owner)
            key = self.key if settings.pseudonymous else None
            if self.codes.value and not (base or again):
                key = secrets.token_bytes(32)
            study = read(*self.paths, settings=settings, progress=self._progress, extending=base, key=key)
            if again:
                study = reduce(lambda study, add: add(study), self.pasted, study).with_(
                    id=kept.id, version=kept.version
                )
            self._take(study, plural("read {n} file", "read {n} files", len(self.paths)))
            self.key, self.fresh, self.pasted = key, True, self.pasted if again else ()
            if again and self.pasted:
                self.note(message("Read again. What was pasted is still there."))
            elif base:
                self.note(study.notes[-1].message)
            elif not again:
                self.title.value = study.settings.title or study.owner.partition(":")[2]
                self._claim("")
                if kept.id:
                    self.note(message("A new study was begun with these files; {title} stays as it is.",
                                      title=kept.settings.title or kept.id))  # fmt: skip
            self._show()
            self._offer_mappings()
        except Stopped:
            self.note(message("Stopped. Nothing was changed."), "warning")
        except ReadError as error:
            self.note(error.message, "error")
            self._offer_mappings()
        finally:  # only now may it be pressed again
            self.reading.disabled, self.busy.layout.display = False, "none"

    def _offer_mappings(self) -> None:
        """A form for each set of columns, also for tables that said nothing: they can be explained here."""
        found = {sheet.signature: sheet for sheet in sheets(*self.paths, mappings=self.mappings)[::-1]}
        forms = [MappingForm(self, sheet, self._mapped) for sheet in [*found.values()][::-1]]
        asked = message("Some numbers or dates could be read in two ways: choose what is meant, and read again.")
        told = f'<p class="eg-note -warning" role="status">{self.say(asked)}</p>'
        open_ = [parts.html(told)] if any(form.asks for form in forms) else []
        self.forms.children = [parts.heading(self, message("How tables were read")), *open_, *forms] if forms else []

    def _mapped(self, signature: str, mapping: dict[str, Any]) -> None:
        """A corrected mapping is remembered, and everything is read again with it."""
        self.mappings[signature] = mapping
        self._start(again=self.fresh)  # into the study as it was before: what was misread leaves nothing

    def _claim(self, whole: str) -> None:
        """Show what the list of followers is said to hold, without saying it anew."""
        self.whole.unobserve(self._say_whole, "value")
        self.whole.value = whole
        self.whole.observe(self._say_whole, "value")

    @parts.guarded
    def _say_whole(self, change: Any) -> None:
        self.result = self.result.with_(settings=replace(self.result.settings, follower_list=change["new"]))
        self._unsaved(True)
        self._show_steps()

    def _pasted(self, study: Study, add: Callable[[Study], Study]) -> None:
        self._take(study, message("added names to a post"))
        self.pasted += (add,)
        self._show()

    @parts.guarded
    def _save(self, _: Any) -> None:
        title = self.title.value.strip() or self.result.owner.partition(":")[2]
        own = self.result.id if not self.result.id.startswith("sample-") else ""  # a sample stays as it came
        elsewhere = bool(own) and current_version(self.result) != self.result.version
        kept = read_settings(home() / "studies" / own) if own and not elsewhere else self.result.settings
        settings = replace(
            kept,
            time_zone=self.result.settings.time_zone,
            owner=self.result.settings.owner,
            title=title,
            mappings=self.mappings,
            follower_list=self.whole.value,
            language=self.words.language,
        )
        study = self.result.with_(settings=settings)
        folder = save(study, new_id(title) if elsewhere or not own else own)
        self.result = open_study(folder.name)
        if self.result.settings.pseudonymous and self.key:
            keep_key(self.result, self.key)
        remember(self.result)
        self.opened(self.result)
        self.saved = self.result
        self._unsaved(False)
        if self.files.upload.files:  # what was read of the copies is kept now
            self.files.forget_uploads()
            self.paths, self.fresh, self.forms.children = [], False, []
        self._show()
        self.next.value = parts.next_page(self, self.result)
        beside = message("This study was changed or removed in another window. So that nothing is lost, yours was saved"
                         " beside it as {name}.", name=folder.name)  # fmt: skip
        self.note(beside if elsewhere else message("Saved as {name}.", name=folder.name))
