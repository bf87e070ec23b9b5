"""Lists of names: a text file of handles, or likers copied from the app and pasted."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

import pandas as pd

from engage.messages import StudyError, message
from engage.pseudonyms import NO_KEY, code
from engage.readers.dates import shortcode_in
from engage.readers.files import Member
from engage.readers.part import OWN, PHONE, Options, Part, clean_handle, unresolved
from engage.readers.text import decode
from engage.study import ENGAGING, Note, Study, concat

INTERFACE = re.compile(
    "follow(?:ing|ed| back)?|(?:meng|di)?ikuti|ikut|ikuti (?:balik|kembali)|remove|hapus|buang|"
    "(?:ter)?verifi(?:ed|kasi)|message|pesan|mesej|likes|suka|requested|diminta|[·•]",
    re.I,
)
PICTURE = re.compile(r"profile picture|foto profil|gambar profil", re.I)
LIKERS = re.compile(r"^(?:likers?|likes?|suka|penyuka)[ _-]+(.+)$", re.I)
MARKED = re.compile(r"[._0-9@]|instagram\.com")


def parse_names(text: str, known: frozenset[str] = frozenset()) -> tuple[list[str], list[str]]:
    """Handles, and what looked like a name but is not one, in the order of the text.

    Names may stand on lines or between commas, semicolons, tabs or spaces. `known` handles win over the look
    of a word: a pasted list has display names between the handles.

    >>> parse_names("@sari.uji01, https://instagram.com/bima_uji02?igsh=abc; Agus Uji")
    (['sari.uji01', 'bima_uji02'], ['Agus Uji'])
    """
    handles: list[str] = []
    others: list[str] = []
    for chunk in re.split(r"[\n\r,;\t]+", text):
        chunk = chunk.strip(" \u00a0\ufeff\u200e\u200f\"'")
        if not chunk or INTERFACE.fullmatch(chunk) or PICTURE.search(chunk):
            continue
        words = chunk.split()
        found = ["" if PHONE.fullmatch(word) else clean_handle(word)[0] for word in words]
        sure = [h in known or (h and MARKED.search(word)) for h, word in zip(found, words, strict=True)]
        plain = len(words) == 1 and found[0] and (not known or words[0].islower())
        if all(sure) or plain:
            handles += found
        else:
            others.append(chunk[:60])
    return list(dict.fromkeys(handles)), list(dict.fromkeys(others))


def claims(member: Member, options: Options) -> bool:
    """Whether a text file holds more handles than other words."""
    if member.is_sheet:
        return False
    handles, others = parse_names(decode(member.data[:100_000]))
    marked = sum(MARKED.search(name) is not None and not name.isdigit() for name in handles)
    return len(handles) > len(others) and 2 * marked >= len(handles)


def read(members: list[Member], options: Options) -> list[Part]:
    """Followers; or likers of one post, when the file's name says so ("likers_DX5mgw8BPRH.txt")."""
    parts = []
    for member in members:
        handles, others = parse_names(decode(member.data))
        part = Part(40, notes=[unresolved(others, member.label)] if others else [])
        if post := liked_post(member):
            part.tables = reactions(OWN, post, handles, "like", complete=True)
        else:
            frame = pd.DataFrame({"follower_id": handles}, dtype="str")
            part.tables["followers"] = frame.assign(account_id=OWN, handle=frame["follower_id"])
        parts.append(part)
    return parts


def liked_post(member: Member) -> str:
    """The post whose likers a file lists, as its name says; else empty."""
    named = LIKERS.match(PurePosixPath(member.path).stem)
    return named[1] if named else ""


def reactions(account: str, post_id: str, handles: list[str], kind: str, *, complete: bool) -> dict[str, pd.DataFrame]:
    """Interactions of one post, and the coverage row that says whether they are all."""
    frame = pd.DataFrame({"follower_id": handles}, dtype="str")
    row = {"account_id": account, "post_id": post_id, "kind": kind}
    return {"interactions": frame.assign(**row), "coverage": pd.DataFrame([row | {"complete": complete}])}


def add_reactions(
    study: Study, post_id: str, text: str, *, kind: str = "like", complete: bool = True, key: bytes | None = None
) -> Study:
    """Add the people who reacted to one post, from typed or pasted names.

    Parameters
    ----------
    post_id
        The post's id, shortcode or link.
    text
        Names as typed, or as copied from Instagram's list of likers.
    complete
        Whether the text names all who reacted in this way.
    key
        That of the codes, in a study that holds codes in the place of names.

    Returns
    -------
    Study
        With new rows in `interactions` and `coverage`, and notes that say how many names were read.

    Raises
    ------
    StudyError
        When `kind` is not a kind of engagement, the study has no such post, or the key is missing.
    """
    coded = study.settings.pseudonymous
    if coded and not key:
        raise StudyError(NO_KEY)
    if kind not in ENGAGING:
        raise StudyError(
            message("{kind} is not a way to react. Choose one of: {kinds:word}.", kind=kind, kinds=ENGAGING)
        )
    wanted = shortcode_in(post_id) or post_id.strip()
    posts = study.posts[(study.posts["post_id"] == wanted) | (study.posts["shortcode"] == wanted)]
    own = posts[posts["account_id"] == study.owner]
    if posts.empty:
        raise StudyError(message("There is no post {post} in this study. Bring the list of posts first.", post=wanted))
    account, post = (own if len(own) else posts)[["account_id", "post_id"]].iloc[0]
    known = frozenset(study.followers["follower_id"].dropna())
    if coded and key:
        words = {clean_handle(word)[0] for word in re.split(r"[\s,;]+", text)} - {""}
        handles, others = parse_names(text, frozenset(word for word in words if code(word, key) in known))
        handles = [code(handle, key) for handle in handles]
    else:
        handles, others = parse_names(text, known)
    column = {"like": "likes", "comment": "comments", "share": "shares", "save": "saves"}.get(kind)
    row = posts[(posts["account_id"] == account) & (posts["post_id"] == post)].iloc[0]
    stated = int(row[column]) if column and pd.notna(row[column]) else None
    if not handles and stated != 0:
        raise StudyError(message("There is no account name in what you pasted. Copy the list of names and try again."))
    few = complete and stated is not None and len(handles) < 0.8 * stated
    tables = reactions(account, post, handles, kind, complete=complete)
    tables["coverage"]["collected_at"] = pd.NaT

    def of_this(frame: pd.DataFrame) -> pd.Series:
        return (frame["account_id"] == account) & (frame["post_id"] == post) & (frame["kind"] == kind)

    told = message("Names read for post {post}: {n}; in the list of followers: {known}.",
                   post=wanted, n=len(handles), known=len(known.intersection(handles)))  # fmt: skip
    notes = [*study.notes, Note("info", "", told, len(handles))]
    if others:
        notes.append(unresolved(others, "", shown=not coded))
    if few:
        warning = message(
            "The post states {stated} of this kind, and only {n} names were read. If some are missing, undo and say"
            " that these are not all: those left out would count as silent.",
            stated=stated, n=len(handles),
        )  # fmt: skip
        notes.append(Note("warning", "", warning, len(handles)))
    seen = study.interactions.loc[of_this(study.interactions), "follower_id"]
    fresh = tables["interactions"][~tables["interactions"]["follower_id"].isin(seen)]
    coverage = concat([study.coverage[~of_this(study.coverage)], tables["coverage"]])
    return study.with_(interactions=concat([study.interactions, fresh]), coverage=coverage, notes=tuple(notes))
