"""Page 1 beyond a first import: next month, codes for names, what is asked, the report."""

import re

from importing import drop, press, read, saved_export
from test_panels import text

import engage
from engage.store import open_study


def test_more_files_are_added_to_the_study_that_is_open(home):
    panel = saved_export(home)
    name, before = panel.result.id, panel.result
    drop(home, "meta_content_csv_id")
    panel = engage.panel(engage.inbox())
    assert panel.into.value == "add" and "are added to" in panel.into.label
    read(panel)
    assert panel.result.id == name and len(panel.result.posts) > len(before.posts)
    assert len(panel.result.followers) == len(before.followers)
    assert "Added to the study as it was" in text(panel)
    panel.undo.click()
    assert panel.result.posts.equals(before.posts)


def test_codes_stand_in_the_place_of_names_and_their_key_lies_beside_the_study(home):
    drop(home, "ig_dyi_json_en")
    panel = engage.panel(engage.inbox())
    panel.codes.value = True
    assert "hold the names" in text(panel)
    read(panel)
    names = set(panel.result.followers["follower_id"])
    assert all(name.startswith("p_") for name in names)
    panel.saving.click()
    key = home / "studies" / panel.result.id / "names.key"
    assert key.stat().st_mode & 0o077 == 0

    again = engage.panel(engage.inbox())  # another visit, next month
    assert "In this study codes stand in the place of names" in text(again)
    read(again)
    assert set(again.result.followers["follower_id"]) == names, "the same people have the same codes"
    again.paste.names.value = "sari.uji01"
    press(again, "Add these names")
    assert again.result.interactions["follower_id"].str.startswith("p_").all()

    press(again, "Delete the key of the codes")
    assert key.exists() and "Press again" in again.status.value
    press(again, "Yes, delete the key")
    assert not key.exists()
    assert again.into.options == (("begin a new study", ""),), "nothing can be added without the key"
    again.undo.click()
    again.saving.click()
    assert not key.exists(), "what was undone does not bring the key back"


def test_dates_that_could_be_read_in_two_ways_are_asked_about(home):
    (home / "inbox").mkdir()
    (home / "inbox" / "catatan.csv").write_text("username,tanggal\nani.uji,05/08/2025\nbudi.uji,06/08/2025\n")
    panel = read(engage.panel(engage.inbox()))
    assert panel.result.followers["followed_at"].dt.month.tolist() == [8, 8]
    assert "could be read in two ways" in text(panel)
    form = panel.forms.children[-1]
    assert form.asks and "such as 05/08/2025 were read as day first" in text(form)
    form.dayfirst.value = "month"
    press(form, "Read again with these columns")
    panel.thread.join(60)
    assert panel.result.followers["followed_at"].dt.month.tolist() == [5, 6], "the first reading left nothing behind"
    assert not panel.forms.children[-1].asks


def test_numbers_that_could_be_read_in_two_ways_are_asked_about(home):
    (home / "inbox").mkdir()
    (home / "inbox" / "pesanan.csv").write_text(
        'no pesanan;tanggal;total\nA1;2025-08-05;1.500\nA2;2025-08-06;"2,250"\n'
    )
    panel = read(engage.panel(engage.inbox()))
    form = panel.forms.children[-1]
    assert form.asks
    form.decimal.value = ","
    press(form, "Read again with these columns")
    panel.thread.join(60)
    assert panel.result.sales["amount"].tolist() == [1500, 2.25]
    assert not panel.forms.children[-1].asks


def test_what_was_said_of_a_table_holds_for_the_next_study_too(home):
    (home / "inbox").mkdir()
    table = home / "inbox" / "catatan.csv"
    table.write_text("siapa,kapan,berapa\nsari.uji01,28/12/2021,50000\n")
    panel = read(engage.panel(engage.inbox()))
    form = panel.forms.children[-1]
    form.kind.value = "sales"
    form.roles["siapa"].value, form.roles["kapan"].value, form.roles["berapa"].value = "handle", "date", "amount"
    press(form, "Read again with these columns")
    panel.thread.join(60)
    panel.title.value = "Warung"
    press(panel, "Save this study")
    table.write_text("siapa,kapan,berapa\nbima_uji02,29/01/2022,75000\n")
    panel = engage.panel(engage.inbox())
    panel.into.value = ""
    assert read(panel).result.sales["amount"].tolist() == [75000]


def test_the_report_goes_file_by_file_and_says_what_to_bring_next(home):
    panel = engage.panel(engage.inbox())
    assert "Where to get such files" in text(panel) and "Your Instagram export, as JSON" in text(panel)
    drop(home, "ig_dyi_json_en", "influencer_list_id")
    press(panel, "Look again")
    report = text(read(panel))
    assert re.search(r"instagram-kopi\S*\.zip +Read as Instagram export\. followers: 9.*Known by its", report)
    assert re.search(r"Read as a table kept by hand\. accounts: \d+.*Guessed from its columns", report)
    assert "○ posts whose reactions are named" in report and "● followers with a follow date" in report
    assert "What to bring next" in report and "The names of those who liked your posts" in report
    assert "Menus as public guides showed them on" in report


def test_of_several_own_accounts_the_user_chooses_the_one_that_the_study_is_about(home):
    drop(home, "ig_dyi_json_en", "tiktok_dyi_json_2026")
    panel = read(engage.panel(engage.inbox()))
    assert panel.mine.layout.display == "" and len(panel.mine.options) == 2
    assert "belong to several accounts" in text(panel)
    other = panel.mine.options[1][1]
    panel.mine.value = other
    panel.thread.join(60)
    assert panel.result.owner == other == panel.mine.value and "belong to several accounts" not in text(panel)
    press(panel, "Save this study")
    assert open_study(panel.result.id).owner == other


def test_headers_below_titles_are_found_in_a_table_that_says_nothing(home):
    (home / "inbox").mkdir()
    (home / "inbox" / "buku.csv").write_text("Warung Uji;;\n;;\nsiapa;kapan;berapa\nani.uji;28/12/2021;5\n")
    form = read(engage.panel(engage.inbox())).forms.children[-1]
    assert list(form.roles) == ["siapa", "kapan", "berapa"]
    form.kind.value = "sales"
    form.roles["siapa"].value, form.roles["kapan"].value, form.roles["berapa"].value = "handle", "date", "amount"


def test_reading_again_keeps_the_study_its_name_its_key_and_what_was_pasted(home):
    (home / "inbox").mkdir()
    (home / "inbox" / "catatan.csv").write_text("username,tanggal\nani.uji,05/08/2025\nbudi.uji,06/08/2025\n")
    drop(home, "ig_dyi_json_en")
    panel = engage.panel(engage.inbox())
    panel.codes.value = True
    read(panel).paste.names.value = "sari.uji01"
    press(panel, "Add these names")
    pasted = set(panel.result.interactions["follower_id"])
    panel.title.value = "Kopi"
    press(panel, "Save this study")
    key = (home / "studies" / "kopi" / "names.key").read_text()
    form = panel.forms.children[-1]
    form.dayfirst.value = "month"
    press(form, "Read again with these columns")
    panel.thread.join(60)
    assert panel.result.id == "kopi" and pasted <= set(panel.result.interactions["follower_id"])
    press(panel, "Save this study")
    assert (home / "studies" / "kopi" / "names.key").read_text() == key
    assert [path.name for path in (home / "studies").iterdir()] == ["kopi"]


def test_a_correction_that_cannot_be_read_is_said_beside_the_button(home):
    (home / "inbox").mkdir()
    (home / "inbox" / "isi.csv").write_text("tanggal,suka,komentar,caption\n2025-08-05,12,3,Promo\n")
    panel = read(engage.panel(engage.inbox()))
    form = panel.forms.children[-1]
    form.roles["komentar"].value = "likes"
    press(form, "Read again with these columns")
    assert "Two columns are said to be “likes”: suka and komentar" in panel.status.value
    form.roles["komentar"].value, form.kind.value = "", "sales"
    press(form, "Read again with these columns")
    assert "needs a column for" in panel.status.value


def test_the_copies_that_uploading_made_are_deleted_when_the_study_is_saved(home):
    panel = engage.panel(engage.inbox())
    copy = home / "uploads" / "upload-1" / "nama.txt"
    copy.parent.mkdir(parents=True)
    copy.write_text("ani.uji\nbudi.uji01\n")
    panel.files.upload.files = [str(copy)]
    read(panel)
    press(panel, "Save this study")
    assert not copy.exists() and panel.files.chosen == [] and len(panel.result.followers) == 2


def test_correcting_columns_after_an_undo_never_writes_into_the_study_that_was_there_before(home):
    panel = saved_export(home)
    name, before = panel.result.id, len(panel.result.followers)
    (home / "inbox").rename(home / "old")
    (home / "inbox").mkdir()
    (home / "inbox" / "lain.csv").write_text("username,tanggal\nani.uji,05/08/2025\n")
    press(panel, "Look again")
    panel.into.value = ""  # a new study
    read(panel)
    panel.undo.click()
    assert panel.result.id == name
    press(panel.forms.children[-1], "Read again with these columns")
    panel.thread.join(60)
    assert panel.result.id == "" and len(open_study(name).followers) == before
