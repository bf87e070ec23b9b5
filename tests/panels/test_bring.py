"""Files in, without a browser: choose, read, stop, correct columns, paste likers, save."""

import re

import ipywidgets as w
from importing import FORMATS, drop, press, read, saved_export
from test_panels import every, text

import engage
from engage.store import open_study


def test_what_lies_in_the_drop_folder_is_offered_and_read(home):
    drop(home, "ig_dyi_json_en")
    panel = read(engage.panel(engage.inbox()))
    assert len(panel.result.followers) == 9
    assert "9 of 3,537 followers" in text(panel)
    assert not panel.reading.disabled and panel.busy.layout.display == "none"


def test_look_again_finds_what_was_dropped_meanwhile(home):
    panel = engage.panel(engage.inbox())
    assert panel.files.found.options == ()
    drop(home, "ig_dyi_json_en")
    press(panel, "Look again")
    assert len(panel.files.found.value) == 1


def test_a_path_may_be_typed_with_quotes_around_it(home):
    panel = engage.panel(engage.inbox())
    panel.files.path.value = f'"{FORMATS / "influencer_list_id"}"'
    assert len(read(panel).result.accounts) == 4


def test_nothing_chosen_and_nothing_readable_are_sentences(home):
    panel = engage.panel(engage.inbox())
    panel.reading.click()
    assert "Choose at least one file first." in text(panel)
    (home / "inbox" / "broken.zip").write_bytes(b"PK\x03\x04 no archive")
    press(panel, "Look again")
    read(panel)
    assert "broken.zip" in panel.status.value and "-error" in panel.status.value
    assert panel.result.is_empty


def test_stop_leaves_everything_as_it_was(home, monkeypatch):
    drop(home, "ig_dyi_json_en", "meta_content_csv_id")
    panel = engage.panel(engage.inbox())
    real = panel._progress

    def stop_at_once(what, share):
        panel.cancel.click()
        real(what, share)

    panel._progress = stop_at_once
    read(panel)
    assert panel.result.is_empty and "Stopped. Nothing was changed." in text(panel)
    panel._progress = real
    panel.reading.click()  # as soon as it can be pressed it is heard
    panel.thread.join(60)
    assert len(panel.result.followers) == 9


def test_the_button_to_read_can_be_pressed_only_when_it_will_be_heard(home, monkeypatch):
    """Looking at the tables afterwards is part of the work: a press meanwhile used to be lost."""
    drop(home, "influencer_list_id")
    panel = engage.panel(engage.inbox())
    seen = []
    offer = panel._offer_mappings
    panel._offer_mappings = lambda: (seen.append(panel.reading.disabled), offer())
    read(panel)
    assert seen == [True] and not panel.reading.disabled


def test_a_table_that_says_nothing_can_be_explained_and_is_remembered(home):
    box = home / "inbox"
    box.mkdir()
    rows = "siapa,kapan,berapa\nsari.uji01,28/12/2021,50000\nbima_uji02,29/12/2021,75000\n"
    (box / "catatan.csv").write_text(rows)
    panel = read(engage.panel(engage.inbox()))
    assert panel.result.is_empty and "was not recognised" in panel.status.value
    form = panel.forms.children[-1]
    form.kind.value = "sales"
    form.roles["siapa"].value, form.roles["kapan"].value, form.roles["berapa"].value = "handle", "date", "amount"
    press(form, "Read again with these columns")
    panel.thread.join(60)
    assert panel.result.sales["amount"].tolist() == [50000, 75000]
    assert panel.result.sales["follower_id"].tolist() == ["sari.uji01", "bima_uji02"]
    panel.title.value = "Warung"
    press(panel, "Save this study")
    assert next(iter(open_study("warung").settings.mappings.values()))["kind"] == "sales"


def test_pasted_likers_make_the_post_count(home):
    drop(home, "ig_dyi_json_en")
    panel = read(engage.panel(engage.inbox()))
    assert engage.activity(panel.result).posts.empty
    panel.paste.names.value = "@sari.uji01\nAgus Uji\nhttps://instagram.com/bima_uji02?igsh=1"
    panel.paste.post.value = panel.paste.post.options[-1][1]
    press(panel, "Add these names")
    assert panel.result.interactions["follower_id"].tolist() == ["sari.uji01", "bima_uji02"]
    assert panel.result.coverage["complete"].tolist() == [True]
    assert panel.paste.names.value == ""


def test_saving_leads_to_the_next_page_with_the_study(home):
    drop(home, "ig_dyi_json_en", "manual_sample")
    panel = read(engage.panel(engage.inbox()))
    panel.title.value = "Kopi Contoh"
    press(panel, "Save this study")
    assert 'href="2-active-and-passive.ipynb?study=kopi-contoh"' in panel.next.value
    assert open_study().id == "kopi-contoh"  # the one that JupyterLab opens next
    press(panel, "Save this study")
    assert sorted(path.name for path in (home / "studies").iterdir()) == ["kopi-contoh"]


def test_a_saved_study_can_be_opened_on_the_start_page(home):
    engage.save(engage.simulate(followers=60, posts=12, seed=1), "mine")
    start = engage.panel(engage.studies())
    press(start, "Open this study")
    assert start.result.id == "mine"
    assert re.search(r"60 followers", text(start))
    start.purpose.value = "business"
    assert open_study("mine").settings.purpose == "business"


def test_a_sample_is_read_saved_and_opened_from_the_start_page(home):
    start = engage.panel(engage.studies())
    start.sample.value = "kol-list"
    press(start, "Open the sample")
    assert start.result.id == "sample-kol-list" and len(start.result.accounts) == 36
    assert "6-compare-influencers.ipynb?study=sample-kol-list" in " ".join(
        part.value for part in every(start) if isinstance(part, w.HTML)
    )


def test_each_step_can_be_undone_and_what_is_not_saved_is_marked(home):
    drop(home, "ig_dyi_json_en")
    panel = read(engage.panel(engage.inbox()))
    assert "eg-unsaved" in panel._dom_classes and "Not saved yet." in text(panel)
    panel.paste.names.value = "sari.uji01\nsari.uji01\nAgus Uji"
    press(panel, "Add these names")
    assert len(panel.result.interactions) == 1 and panel.undo.description == "Undo: added names to a post"
    panel.undo.click()
    assert len(panel.result.interactions) == 0 and len(panel.result.followers) == 9
    assert panel.undo.description == "Undo: read 1 file"
    panel.undo.click()
    assert panel.result.is_empty and panel.undo.layout.display == "none"


def test_a_saved_study_can_be_taken_back_to_its_earlier_version(home):
    drop(home, "ig_dyi_json_en")
    panel = read(engage.panel(engage.inbox()))
    panel.saving.click()
    assert "eg-unsaved" not in panel._dom_classes and panel.back.layout.display == "none"
    panel.paste.names.value = "sari.uji01"
    press(panel, "Add these names")
    panel.saving.click()
    assert len(open_study(panel.result.id).interactions) == 1
    assert panel.back.description.startswith("Go back to the version saved ")
    panel.back.click()
    assert len(open_study(panel.result.id).interactions) == 0


def test_what_another_window_saved_is_not_written_over(home):
    drop(home, "ig_dyi_json_en")
    first = read(engage.panel(engage.inbox()))
    first.saving.click()
    name = first.result.id
    engage.store.remember(first.result)
    second = engage.panel(engage.inbox())
    for panel, liker in ((first, "sari.uji01"), (second, "bima_uji02")):
        panel.paste.names.value = liker
        press(panel, "Add these names")
        panel.saving.click()
    assert "saved beside it as" in text(second) and second.result.id != name
    assert set(open_study(name).interactions["follower_id"]) == {"sari.uji01"}
    assert set(open_study(second.result.id).interactions["follower_id"]) == {"bima_uji02"}


def test_undoing_after_a_save_goes_on_with_the_same_study(home):
    panel = saved_export(home)
    name = panel.result.id
    panel.paste.names.value = "sari.uji01"
    press(panel, "Add these names")
    panel.saving.click()
    panel.undo.click()
    panel.saving.click()
    assert panel.result.id == name and "another window" not in text(panel)
    assert len(open_study(name).interactions) == 0 and len(engage.studies().studies) == 1


def test_what_was_undone_to_the_saved_state_is_not_asked_about(home):
    panel = saved_export(home)
    panel.paste.names.value = "sari.uji01"
    press(panel, "Add these names")
    assert "eg-unsaved" in panel._dom_classes
    panel.undo.click()
    assert "eg-unsaved" not in panel._dom_classes


def test_a_save_keeps_what_other_pages_have_set_meanwhile(home):
    panel = saved_export(home)
    engage.store.save_settings(open_study(panel.result.id), purpose="business", rules={"regular_rate": 0.2})
    panel.paste.names.value = "sari.uji01"
    press(panel, "Add these names")
    panel.saving.click()
    kept = open_study(panel.result.id).settings
    assert kept.purpose == "business" and kept.rules == {"regular_rate": 0.2}


def test_a_new_import_takes_nothing_over_from_the_study_before(home):
    panel = saved_export(home)
    panel.title.value, panel.whole.value = "Kopi lama", "whole"
    panel.saving.click()
    (home / "inbox").rename(home / "old")
    drop(home, "manual_sample")
    press(panel, "Look again")
    panel.into.value = ""  # begin a new study
    read(panel)
    assert panel.whole.value == "" and panel.title.value != "Kopi lama"
    assert "A new study was begun with these files; Kopi lama stays as it is." in text(panel)


def test_no_names_in_the_box_is_said_and_the_post_does_not_count(home):
    panel = saved_export(home)
    for pasted in ("", "Budi Santoso\n😀"):
        panel.paste.names.value = pasted
        press(panel, "Add these names")
        assert "There is no account name in what you pasted" in panel.status.value
    assert panel.result.coverage.empty


def test_undoing_an_import_gives_back_the_name_and_the_claim_of_the_study_before(home):
    panel = saved_export(home)
    panel.title.value, panel.whole.value = "Kopi lama", "whole"
    panel.saving.click()
    name = panel.result.id
    read(panel)
    panel.undo.click()
    assert panel.title.value == "Kopi lama" and panel.whole.value == "whole"
    panel.saving.click()
    kept = open_study(name).settings
    assert panel.result.id == name and kept.title == "Kopi lama" and kept.follower_list == "whole"
