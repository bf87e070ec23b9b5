"""The sentence of each finding. `{n}`, `{from}` and `{to}` are its sample size and interval."""

from engage.messages import message

FINDINGS = {
    "passive_share": message(
        "{low:percent} are passive: {passive} of the {judged} followers who have seen at least {silence} posts."
    ),
    "passive_range": message(
        "Between {low:percent} and {high:percent} are passive. Of the {judged} followers who have seen at least"
        " {silence} posts, {passive} are passive for certain and {undecided} cannot be decided yet: they reacted once"
        " and are quiet for now, or have no follow date."
    ),
    "sample_share": message(
        "About {low:percent} are passive (95% interval {from:percent} to {to:percent}): {passive} of {judged} sampled"
        " followers who have seen at least {silence} posts."
    ),
    "sample_range": message(
        "Between {low:percent} and {high:percent} are passive: of {judged} sampled followers who have seen at least"
        " {silence} posts, {passive} are for certain and {undecided} cannot be decided yet. With the chance of the"
        " sample: {from:percent} to {to:percent}."
    ),
    "scope_whole": message(
        "The list holds {listed} followers and the account states {stated}, so this is a count and not an estimate."
    ),
    "scope_told": message(
        "The {listed} followers in the list are taken as all there are, so this is a count and not an estimate."
    ),
    "scope_since": message(
        "The list holds {listed} of {stated} followers, all since {since:date}."
        " It says nothing about those who came earlier."
    ),
    "scope_random": message("The {listed} followers are taken as a random sample, so the share has an interval."),
    "scope_listed": message(
        "This speaks of the {listed} followers in the list; whether it is the whole list is not known."
    ),
    "both_readings": message(
        "Never reacted: {never}. Rarely, never, or not any more: {wide}. Both are shares of the same {n} followers."
    ),
    "too_short": message(
        "{short} of {listed} followers have seen fewer than {silence} posts and are left out of the share;"
        " for {new} of them it is too early to tell."
    ),
    "exposure": message(
        "{posts} posts count, and {seen} of {listed} followers were seen to react to one of them or more."
    ),
    "unseen_fans": message(
        "Of the {silent} who were never seen to react, at least about {fans} are probably fans not yet seen"
        " (a lower bound)."
    ),
    "typical_rate": message(
        "Half of your followers who ever react do so on fewer than {rate:percent} of posts, about 1 in {one_in}"
        " (95% interval {from:percent} to {to:percent}, from {n} followers seen to react)."
    ),
    "slower_fans": message(
        "The rule calls a follower regular who reacts to 1 post in {regular}; yours are slower. Real but slow fans are"
        " then called passive: move the rules to see how much hangs on it."
    ),
    "rate_by_followers_now": message(
        "Engagement rate by followers: {median:percent} for the median post"
        " (95% interval {from:percent} to {to:percent}, {n} posts). All are divided by the latest number of followers,"
        " so older posts look weaker than they were."
    ),
    "rate_by_followers": message(
        "Engagement rate by followers: {median:percent} for the median post"
        " (95% interval {from:percent} to {to:percent}, {n} posts)."
    ),
    "rate_by_reach": message(
        "Engagement rate by reach: {median:percent} for the median post"
        " (95% interval {from:percent} to {to:percent}, {n} posts)."
    ),
    "rate_by_views": message(
        "Engagement rate by views: {median:percent} for the median post"
        " (95% interval {from:percent} to {to:percent}, {n} posts)."
    ),
    "rate_by_impressions": message(
        "Engagement rate by impressions: {median:percent} for the median post"
        " (95% interval {from:percent} to {to:percent}, {n} posts)."
    ),
    "rate_not_enough": message("Engagement rate {denominator}: not enough data ({n} posts; at least 6 are needed)."),
    "upper_hint": message(
        "Your most liked post has {likes} likes. Even if each came from a different follower, at least"
        " {silent:percent} of your {followers} followers did not like it."
    ),
    "compared": message(
        "{enough} of {accounts} influencers have the 6 posts that an interval needs;"
        " the others are listed without a rate."
    ),
    "tiers": message(
        "On {platform}, the median engagement rate by followers on this list is {micro:percent} for micro"
        " ({micro_n} accounts) and {macro:percent} for macro influencers ({macro_n} accounts)."
    ),
    "cheapest": message(
        "On {platform}, of {priced} influencers with a price for {deliverable}, {handle} costs least per engagement:"
        " {price:money}, by the median of all its posts ({n} posts)."
    ),
}
