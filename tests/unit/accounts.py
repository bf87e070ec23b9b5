"""Small hand-made accounts for the tests: one like is one line."""

from __future__ import annotations

import pandas as pd

from engage.study import Settings, Study

ME = "instagram:kopi.uji"
START = pd.Timestamp("2026-01-01", tz="UTC")


def day(number: float) -> pd.Timestamp:
    return START + pd.Timedelta(days=number)


def account(
    *,
    posts: int,
    followers: dict[str, float | None],
    acts: list[tuple] = (),
    sales: list[tuple] = (),
    collected: float | None = None,
    kinds: tuple[str, ...] = ("like",),
    stated: int | None = None,
    settings: Settings | None = None,
) -> Study:
    """One post a day from day 0; `followers` name -> day they came (None: unknown); acts (name, post, kind)."""
    numbers = range(posts)
    names = [f"p{i}" for i in numbers]
    collected = posts + 10 if collected is None else collected
    return Study(
        accounts=pd.DataFrame({"account_id": [ME], "handle": ["kopi.uji"], "is_owner": [True], "followers": [stated]}),
        posts=pd.DataFrame({"account_id": ME, "post_id": names, "published_at": [day(i) for i in numbers]}),
        coverage=pd.DataFrame(
            [
                {"account_id": ME, "post_id": name, "kind": kind, "complete": True, "collected_at": day(collected)}
                for name in names
                for kind in kinds
            ]
        )
        if posts
        else None,
        followers=pd.DataFrame(
            {
                "account_id": ME,
                "follower_id": list(followers),
                "followed_at": pd.to_datetime([None if d is None else day(d) for d in followers.values()], utc=True),
            }
        ),
        interactions=pd.DataFrame(
            [
                {"account_id": ME, "follower_id": who, "post_id": f"p{post}", "kind": kind, "at": day(post + 0.1)}
                for who, post, kind in acts
            ]
        )
        if acts
        else None,
        sales=pd.DataFrame(
            [
                {
                    "sale_id": str(i),
                    "account_id": ME,
                    "follower_id": who,
                    "at": day(at),
                    "amount": 50_000,
                    "status": status,
                }
                for i, (who, at, status) in enumerate(sales)
            ]
        )
        if sales
        else None,
        settings=settings or Settings(),
    )


def likes(who: str, *posts: int) -> list[tuple]:
    return [(who, post, "like") for post in posts]
