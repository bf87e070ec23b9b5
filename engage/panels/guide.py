"""What to bring next, and where to click for it: docs/getting-exports.md says how each path is known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from engage.analysis.segments import SegmentRules
from engage.messages import Message, message
from engage.study import Study

SOCIAL = ("instagram", "facebook", "tiktok", "youtube", "x")
SHOPS = ("shopee", "tokopedia", "shopify", "shop")
# Abilities worth asking for, the most useful first: who reacted (page 2), then what compares accounts (page 6).
WANTED = ("named_interactions", "follower_list", "follow_dates", "post_dates",
          "prices", "post_likes", "post_reach", "post_views", "post_impressions")  # fmt: skip
ENOUGH = 0.8  # of the rows; who has so much is not asked for more
CHECKED = message("Menus as public guides showed them on {when:date}; platforms rename them often.",
                  when=dt.date(2026, 11, 24))  # fmt: skip


@dataclass(frozen=True)
class Way:
    """One thing to bring: `gives` names abilities of the study, or tables it fills; `steps` says where to click.

    `platform` is a social platform, a shop, "list" for a list of influencers, or "" for all of them.
    """

    platform: str
    gives: tuple[str, ...]
    brings: Message
    steps: Message
    checked: Message = CHECKED


def _business_suite(platform: str) -> tuple[Way, Way]:
    """The exports of Meta Business Suite: the same for Instagram and Facebook."""
    content = message("On a computer open Meta Business Suite > “Insights” > “Content”, show {platform:word}, choose"
                      " the dates and click “Export data” (CSV), once for posts and once for stories. If a long"
                      " range is refused, bring several shorter exports: a post found twice counts once.",
                      platform=platform)  # fmt: skip
    daily = message("In Meta Business Suite > “Insights” > “Results” (or “Overview”) click “Export” at each number:"
                    " views, reach, follows. The last are new follows a day, not the total.")  # fmt: skip
    posts = ("post_dates", "post_likes", "post_reach", "post_views")
    return (
        Way(platform, posts, message("Your posts with reach and views, from Meta Business Suite"), content),
        Way(platform, ("days",), message("Your numbers of each day, from Meta Business Suite"), daily),
    )


COMMENTS = (
    message("The comments on your videos, if you have them as a file"),
    message("No export names who commented. A JSON or CSV file from the platform's API, or from a tool that you"
            " already use, is read, and a video counts when all its comments are in it; engage itself collects"
            " nothing."),
)  # fmt: skip
GUIDE: tuple[Way, ...] = (
    Way("instagram", ("follower_list", "follow_dates", "post_dates", "post_likes", "post_reach", "replies"),
        message("Your Instagram export, as JSON"),
        message("In Instagram open “Accounts Center” > “Your information and permissions” > “Export your"
                " information” > “Create export” > “Export to device”. Under “Customize information” tick “Followers"
                " and following”, comments, media and insights, but not messages; choose “JSON” and the date range"
                " “All time”: a shorter one cuts the list of followers. It is ready within minutes to two days.")),
    *_business_suite("instagram"),
    Way("instagram", ("named_interactions",), message("The names of those who liked your posts"),
        message("No export has them. Open a post that is at least a week old and its list of likes, scroll to the"
                " end, copy it, and paste it on this page under “{where}”. A file of likers or comments from a tool"
                " that you already use is read too.", where=message("Paste who reacted to a post"))),
    *_business_suite("facebook"),
    Way("tiktok", ("follower_list", "follow_dates", "post_dates", "post_likes"), message("Your TikTok data, as JSON"),
        message("In TikTok open your profile > ☰ > “Settings and privacy” > “Account” > “Download your data”, choose"
                " “JSON” and tap “Request data”. It takes up to a few days; fetch it on the same page within four"
                " days.")),
    Way("tiktok", ("post_dates", "post_likes", "post_views", "days"), message("Your numbers from TikTok Studio"),
        message("On a computer open TikTok Studio > “Analytics” and click “Download data” in “Overview”, “Content”"
                " and “Followers”. “Content” holds about 15 videos: download 7, 28 and 60 days, and bring the zips"
                " under the names they have.")),
    Way("tiktok", ("named_interactions",), *COMMENTS),
    Way("youtube", ("post_dates", "post_views", "post_impressions", "days"),
        message("Your videos from YouTube Studio, as a zip"),
        message("On a computer open YouTube Studio > “Analytics” > “Advanced mode”, choose the longest range and"
                " click “Export current view” > CSV. It holds at most 500 videos; YouTube never names subscribers.")),
    Way("youtube", ("named_interactions",), *COMMENTS),
    Way("x", ("follower_list", "post_dates", "post_likes"), message("Your archive of X, as a zip"),
        message("In X open “Settings and privacy” > “Your account” > “Download an archive of your data” > “Request"
                " archive”. It takes a day or more; its followers are numbers, without names or dates.")),
    Way("x", ("post_dates", "post_likes", "post_impressions", "days"), message("Your posts from X Analytics, as CSV"),
        message("On a computer open X > “Analytics” > “Content”, choose the dates and click the download arrow. X"
                " may ask for a Premium subscription.")),
    Way("shopee", ("sales",), message("Your Shopee orders and income"),
        message("In Shopee Seller Centre open “My Orders” > “Export”, all statuses, month by month. Bring “My"
                " Income” > “Released” > “Export” too: only that file has the voucher codes.")),
    Way("tokopedia", ("sales",), message("Your TikTok Shop and Tokopedia orders"),
        message("In Seller Center open “Orders” > “Manage Orders”, filter by date of creation, click “Export”, and"
                " choose the filtered orders and Excel.")),
    Way("shopify", ("sales",), message("Your Shopify orders, as CSV"),
        message("In Shopify open “Orders” > “Export” > “Export orders by date”. More than 50 orders come by e-mail;"
                " discount codes and UTM tags are in the file.")),
    Way("shop", ("sales", "named_sales"), message("Your own list of orders, if you sell by chat"),
        message("One row an order: date, amount, code, and the buyer's account name where you know it. No shop"
                " export says which follower bought; your own list can.")),
    Way("list", ("accounts", "prices"), message("Your list of influencers with their rate card"),
        message("One row an influencer: account name, platform, followers, topic, and a column for each price, such"
                " as “Rate Reels”. “12,5 rb”, “1.2m” and “Rp1.500.000” are understood.")),
    Way("list", ("post_dates", "post_likes", "post_reach", "post_views"), message("Recent posts of each influencer"),
        message("Ask each of them for the export of “Content” in Meta Business Suite, or keep a spreadsheet with"
                " account name, date, likes, comments, reach and views of about a dozen posts each.")),
    Way("", (), message("Next month: the same exports again"),
        message("Add them to this study: two lists of followers show who came and who left.")),
)  # fmt: skip


def next_ways(study: Study) -> list[Way]:
    """Say what is worth bringing next, the most useful first; next month's files when nothing is lacking.

    A roster of influencers is asked only for what can be had of other people's accounts.
    """
    owner, accounts = study.owner, study.accounts
    if not owner and len(accounts) > 1:
        return _lacking(study, "list") or [GUIDE[-1]]
    known = dict(zip(accounts["account_id"], accounts["platform"], strict=True))
    first: dict[str, str] = {}  # one account a platform, the owner's own before any other
    for account in [owner, *known] if owner else []:
        named = known.get(account)
        platform = named if isinstance(named, str) else account.partition(":")[0]
        first.setdefault(platform if platform in SOCIAL else "instagram", account)
    ways = [] if first else _firsts((*SOCIAL, "list"))
    for platform, account in first.items():
        ways += _lacking(study.with_(settings=replace(study.settings, owner=account)), platform)
    return [*ways, *([] if study.abilities["sales"] else _firsts(SHOPS))] or [GUIDE[-1]]


def _firsts(platforms: Sequence[str]) -> list[Way]:
    return [next(way for way in GUIDE if way.platform == platform) for platform in platforms]


def _lacking(study: Study, platform: str) -> list[Way]:
    """Few files of this platform that give what the owner's account has not, or has too little of."""
    abilities = study.abilities
    enough = {name: ENOUGH * abilities[name].of for name in WANTED}
    # page 2 judges followers by so many posts; more names than these are welcome, but not asked for
    enough["named_interactions"] = min(enough["named_interactions"], SegmentRules.of(study.settings).silence)
    lacking = [name for name in WANTED if not abilities[name] or abilities[name].have < enough[name]]
    if not abilities["post_dates"]:  # names are given beside the posts they belong to
        lacking.remove("named_interactions")
    chosen: list[Way] = []
    while lacking:
        ways = [way for way in GUIDE if way.platform == platform and lacking[0] in way.gives]
        best = max(ways, key=lambda way: len({*way.gives} & {*lacking}), default=None)
        chosen += [best] if best else []
        lacking = [name for name in lacking[1:] if not best or name not in best.gives]
    return chosen
