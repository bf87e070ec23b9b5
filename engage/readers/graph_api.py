"""Replies of Meta's Graph API saved as JSON: Instagram accounts, Facebook pages, and other accounts looked up.

Gives: account totals, posts with their counts and insights, comments (authors often missing) and the account's own
replies, new followers a day. Does not give: lists of followers or likers; the API has none.
Clock: timestamps are UTC; a day's numbers bear the end of that day, Pacific midnight.
Quirks: replies come in pages; an error stands in place of data; a hidden like count is absent; `impressions` became
`views` in 2025; comments name their post only by a link to a next page or by the file's name; a page's `shares` is
absent at 0; replies of several kinds may be nested in one or come as a batch of texts.
Evidence: official documentation and reported issues; where a day ends is from memory. Links and tokens are not kept.
"""

from __future__ import annotations

import pandas as pd

from engage.messages import message
from engage.readers.dates import parse_dates
from engage.readers.files import Member
from engage.readers.graph_replies import UNNAMED, Replies, kind_of, replies_in
from engage.readers.meta_content import PACIFIC
from engage.readers.part import Options, Part, hashtags, short
from engage.readers.records import same_named, table
from engage.study import TABLES, Note

TOGETHER = True
COLUMNS = same_named(" ".join(TABLES["posts"].columns) + " platform")


def claims(member: Member, options: Options) -> bool:
    """Whether the file holds a reply of the API, told by the fields in it."""
    return member.looks_like_json and any(kind_of(reply) for reply in replies_in(member.document)[:3])


def read(members: list[Member], options: Options) -> list[Part]:
    """Read all replies together, since each names the others only by number: a part for each platform."""
    found = Replies()
    for member in sorted(members, key=lambda member: member.label):
        found.file(member)
    notes = found.notes
    names = {number: found.name_of(post["owner"], post["platform"]) for number, post in found.posts.items()}
    tables = {"accounts": _accounts(found), "posts": _posts(found, names, notes), "days": _days(found, notes)}
    tables |= _acts(found, names, notes)
    _tell(found, notes)
    parts = []
    for rank, platform in enumerate(UNNAMED, 20):
        mine = {name: frame[frame["account_id"].str.startswith("facebook:") == (platform == "facebook")]
                for name, frame in tables.items() if len(frame)}  # fmt: skip
        full = {name: frame.reset_index(drop=True) for name, frame in mine.items() if len(frame)}
        parts.append(Part(rank, full, [], found.owners[platform], 3 if found.own else 2))
    parts[0].notes = notes
    return [part for part in parts if part.tables or part.notes]


def _accounts(found: Replies) -> pd.DataFrame:
    rows = [row for row in found.accounts.values() if row["handle"]]
    names = [f"{row['platform']}:{row['key']}".lower() for row in rows]
    return table(rows, same_named("platform handle name followers following posts"), account_id=names)


def _times(texts: pd.Series, column: str, notes: list[Note]) -> pd.Series:
    dates = parse_dates(texts.astype("str"), "UTC", column=column)
    notes += dates.notes
    return dates.values


def _posts(found: Replies, names: dict[str, str], notes: list[Note]) -> pd.DataFrame:
    """All posts, with the numbers of the insights where the posts themselves give none."""
    insights: dict[str, dict[str, float]] = {}
    for (number, column), (_, value) in sorted(found.counts.items()):
        insights.setdefault(number, {})[column] = value
    unknown = [number for number in insights if number not in found.posts and number not in found.accounts]
    if not found.posts and not unknown:
        return pd.DataFrame()
    rows = [{"post_id": number, **post} for number, post in found.posts.items()]
    rows += [{"post_id": number} for number in unknown]
    spare = found.name_of("", "instagram")
    posts = table(rows, COLUMNS, account_id=[names.get(row["post_id"]) or spare for row in rows])
    given = pd.DataFrame.from_dict(insights, orient="index").reindex(posts["post_id"])
    for column in given:
        posts[column] = posts[column].fillna(given[column].astype("Float64").set_axis(posts.index))
    pages = posts["platform"] == "facebook"
    if (silent := pages & posts["shares"].isna()).any() and posts.loc[pages, "shares"].notna().any():
        posts["shares"] = posts["shares"].mask(silent, 0)  # the key is absent where there are none
        text = message("Posts of a page without a number of shares, taken as 0: {n}.", n=int(silent.sum()))
        notes.append(Note("guess", "", text, int(silent.sum())))
    if unknown:
        text = message("Insights of posts that no other file names: {n}. Bring the list of posts too.", n=len(unknown))
        notes.append(Note("warning", "", text, len(unknown)))
    posts["published_at"] = _times(posts["published_at"], "timestamp", notes)
    return posts.assign(hashtags=posts["caption"].map(hashtags, na_action="ignore"))


def _days(found: Replies, notes: list[Note]) -> pd.DataFrame:
    """The numbers of each day; the end of a day is Pacific midnight."""
    if not found.days:
        return pd.DataFrame()
    rows = pd.DataFrame(found.days)
    ends = _times(rows["at"], "end_time", notes) - pd.Timedelta(seconds=1)
    names = [found.name_of(*key) for key in zip(rows["about"], rows["platform"], strict=True)]
    rows = rows.assign(account_id=names, date=ends.dt.tz_convert(PACIFIC).dt.tz_localize(None).dt.normalize())
    rows = rows.dropna(subset=["date", "value"])
    if rows.empty:
        return pd.DataFrame()
    text = message("Numbers of a day bear its end, taken as midnight in Pacific time ({zone}): {n}.", zone=PACIFIC,
                   n=len(rows))  # fmt: skip
    notes.append(Note("guess", "", text, len(rows)))
    values = rows.groupby(["account_id", "date", "metric"])["value"].max()
    return values.unstack("metric").reset_index().rename_axis(columns=None)


def _acts(found: Replies, names: dict[str, str], notes: list[Note]) -> dict[str, pd.DataFrame]:
    """Comments and likes of others, what the account wrote back, and how far the lists go."""
    acts = table(list(found.acts.values()), same_named("post kind author to person source_id text at platform"))
    spare = {platform: found.name_of("", platform) for platform in UNNAMED}
    acts["account_id"] = acts["post"].map(names).astype("str").fillna(acts["platform"].map(spare))
    acts["post_id"] = acts["post"].where(acts["post"] != "")
    acts["follower_id"] = acts["author"]
    acts["at"] = _times(acts["at"], "timestamp", notes)
    handle = acts["account_id"].str.replace(r"^[^:]*:", "", regex=True)
    own = (acts["author"] == handle) | acts["person"].isin(list(found.own))
    nameless = acts["author"].isna()
    if n := int(nameless.sum()):
        text = message("Comments whose author the API did not name: {n}. They count as comments of nobody in "
                       "particular.", n=n)  # fmt: skip
        notes.append(Note("info", "", text, n))
    if n := int((acts["post_id"].isna()).sum()):
        text = message("Comments whose post no file names: {n}. Leave the post's number in the name of the file.", n=n)
        notes.append(Note("warning", "", text, n))
    short_of = set(acts.loc[nameless, "post"])
    coverage = [{"account_id": names[post], "post_id": post, "kind": kind,
                 "complete": False if cut or post in short_of else None}
                for (post, kind), cut in found.lists.items() if post in names]  # fmt: skip
    back = acts[own & (acts["kind"] == "comment")]
    back = back.assign(follower_id=back["to"])
    return {"interactions": acts[~own], "replies": back, "coverage": pd.DataFrame(coverage)}


def _tell(found: Replies, notes: list[Note]) -> None:
    """Which lists go on, and which numbers were of no use."""
    if cut := [seen["file"] for seen in found.pages.values() if "goes on" in seen and "ends" not in seen]:
        text = message("Lists that the API would go on with, in {files}: {n}. Bring their next pages too, or the "
                       "numbers are those of the first page only.", files=short(list(dict.fromkeys(cut))),
                       n=len(cut))  # fmt: skip
        notes.append(Note("warning", "", text, len(cut)))
    if found.unused:
        text = message("Numbers of the API that no page uses, left out: {names}.", names=short(list(found.unused)))
        notes.append(Note("info", "", text, sum(found.unused.values())))
