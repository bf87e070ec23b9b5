"""The panel of activity: which posts count, and how many followers have seen enough of them."""

from __future__ import annotations

from engage.analysis.activity import Activity
from engage.analysis.segments import SegmentRules
from engage.messages import message
from engage.panels import parts


class ActivityPanel(parts.Panel):
    """Shows what `Activity` rests on."""

    def __init__(self, result: Activity, *, language: str | None = None) -> None:
        super().__init__(result, language=language, study=result.study)
        if result.posts.empty or result.followers.empty:
            self.show(parts.what_to_bring(self, result.missing))
            return
        say, words, frame = self.words.say, self.words, result.followers
        silence = SegmentRules.of(result.study.settings).silence
        enough = int((frame["n"] >= silence).sum())
        seen, of = int((frame["x"] > 0).sum()), result.study.abilities["named_interactions"].of
        cards = [
            (say(message("Posts that count")), words.number(len(result.posts)),
             say(message("of {of} posts; reactions by name: {kinds}", of=of,
                         kinds=[words.label(kind) for kind in result.kinds]))),
            (say(message("Followers seen to react")), words.number(seen), say(message("of {n} listed", n=len(frame)))),
            (say(message("Can be judged")), words.number(enough),
             say(message("of {n} listed have seen {silence} posts or more", n=len(frame), silence=silence))),
        ]  # fmt: skip
        lines = [
            message("n counts the posts published after a follower came whose reactions are all named, x those reacted"
                    " to, t the last of them, s the posts since. Views and clicks are not reactions."),
        ]  # fmt: skip
        self.show(
            parts.html(parts.figures(cards)), parts.what_to_bring(self, result.missing),
            parts.how(self, lines, "activity = engage.activity(study)\nactivity.followers[['n', 'x', 't', 's']]"),
        )  # fmt: skip
