"""The word for each token of the data that a page shows."""

from engage.messages import Message, message


def _themselves(*words: Message) -> dict[str, Message]:
    """Tokens that are their own word, written with spaces."""
    return {word.key.replace(" ", "_"): word for word in words}


LABELS = _themselves(
    message("advocate"), message("active"), message("rare"), message("fading"), message("passive"),
    message("neither"), message("by followers"), message("by reach"), message("by views"), message("by impressions"),
    message("likes"), message("comments"), message("shares"), message("saves"), message("below micro"),
    message("micro"), message("macro"), message("reel"), message("story"), message("video"), message("photo"),
    message("carousel"), message("live"), message("text"), message("influencer"), message("accounts"),
    message("error"), message("warning"), message("guess"), message("info"),
) | {
    "too_early": message("too early to tell"),
    "passive in the wide sense": message("passive in the wide sense"),
    "like": message("likes"),
    "comment": message("comments"),
    "share": message("shares"),
    "save": message("saves"),
    "mention": message("mentions"),
    "vote": message("votes"),
    "message": message("messages"),
    "instagram": message("Instagram"),
    "tiktok": message("TikTok"),
    "youtube": message("YouTube"),
    "facebook": message("Facebook"),
    "x": message("X"),
    "feed": message("feed post"),
    "reels": message("reel"),
    "personal": message("friends and family"),
    "business": message("business or personal brand"),
    "follower_list": message("followers listed"),
    "follow_dates": message("followers with a follow date"),
    "follower_profiles": message("followers with profile facts"),
    "named_interactions": message("posts whose reactions are named"),
    "post_dates": message("posts with a date"),
    "post_likes": message("posts with likes"),
    "post_reach": message("posts with reach"),
    "post_views": message("posts with views"),
    "post_impressions": message("posts with impressions"),
    "replies": message("replies you wrote"),
    "sales": message("sales with an amount"),
    "named_sales": message("sales with a buyer's name"),
    "prices": message("accounts with a price"),
    "accounts_table": message("list of accounts"),
    "posts_table": message("list of posts"),
    "coverage_table": message("list of posts whose reactions are named"),
    "followers_table": message("list of followers"),
    "following_table": message("list of accounts followed"),
    "interactions_table": message("list of reactions"),
    "replies_table": message("list of replies"),
    "days_table": message("list of days"),
    "sales_table": message("list of orders"),
    "prices_table": message("list of prices"),
}  # fmt: skip

ROLES = _themselves(
    message("platform"), message("topic"), message("country"), message("verified"), message("post"), message("date"),
    message("kind"), message("caption"), message("hashtags"), message("reach"), message("views"),
    message("impressions"), message("profile visits"), message("interactions"), message("amount"),
    message("currency"), message("quantity"),
) | {
    "table:followers": message("a follower"),
    "table:reactions": message("a reaction to a post"),
    "table:posts": message("a post"),
    "table:accounts": message("an influencer"),
    "table:sales": message("an order"),
    "table:days": message("a day"),
    "handle": message("account name"),
    "name": message("display name"),
    "followers": message("number of followers"),
    "following": message("number of accounts followed"),
    "posts": message("number of posts"),
    "engagement_rate": message("engagement rate as stated"),
    "url": message("link to the post"),
    "is_paid": message("paid"),
    "follows": message("follows from the post"),
    "new_follows": message("new followers"),
    "lost_follows": message("lost followers"),
    "sale_id": message("order number"),
    "code": message("voucher code"),
    "referrer": message("referred by"),
    "status": message("status of the order"),
    "utm_source": message("UTM source"),
    "utm_campaign": message("UTM campaign"),
    "liked": message("liked (yes or no)"),
    "comment": message("text of a comment"),
}  # fmt: skip
"""What a column of a spreadsheet, or a row of it, can be."""
