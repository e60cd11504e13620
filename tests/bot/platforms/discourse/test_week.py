"""A whole week on the forum: the bot in its own process, killed in the middle of it; the clock is set by hand."""

import re
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.bot.platforms.week_process import Process
from tests.fakes.discourse import Category, Post, Site, Topic, User, serve

SLOTS = ("Sat 5 Dec, 17:00 (Australia/Sydney)", "Sun 6 Dec, 11:00 (Australia/Sydney)")
SHORT = {"min_post_length": 5, "rate_limit_create_post": 1, "rate_limit_create_topic": 2}
"""The forum's admin did as docs/discourse.md says; the pauses are short because real seconds pass here."""


@dataclass(kw_only=True)
class Week(Process):
    """The forum, its people, and the bot's process."""

    site: Site
    key: str = field(repr=False)
    category: Category
    ada: User
    bob: User
    bot: User

    def ours(self) -> list[Post]:
        """The bot's posts."""
        return [each for each in self.site.all_posts.values() if each.user is self.bot and each.kind == 1]

    def weekly(self, number: int) -> Topic | None:
        """The topic of a week."""
        topics = [each for each in self.site.topics.values() if each.user is self.bot and not each.private]
        return topics[number - 1] if len(topics) >= number else None

    def posted(self, kind: str) -> Callable[[], object]:
        """Whether a kind of message is there."""
        return lambda: any(f"/{kind}/" in each.raw for each in self.ours())

    def answers(self, post: Post) -> list[Post]:
        """The replies to a post."""
        return [each for each in self.ours() if each.topic is post.topic and each.reply_to == post.number]


async def test_a_week_on_the_forum(tmp_path: Path) -> None:
    """Opened, reminded, asked, killed, started again, voted, closed: everything once, and nothing missing."""
    site = Site(settings=SHORT)
    site.poll_seconds = 2.0
    async with serve(site) as server:
        bot = site.user("studybot", trust=2, groups=("bots",))
        key, category = site.key(bot), site.category("Study group", moderators="bots")
        week = Week(
            tmp_path,
            {
                "DISCOURSE_URL": server.url,
                "DISCOURSE_API_KEY": key,
                "DISCOURSE_API_USERNAME": "studybot",
                "DISCOURSE_CATEGORY_ID": str(category.id),
                "DISCOURSE_POLL_SECONDS": "5",
                "DISCOURSE_TAGS": "deep-learning",
                "DISCOURSE_CLOSE_OLD": "true",
            },
            lambda: "\n\n".join(map(site.shown, site.topics.values())),
            site=site,
            key=key,
            category=category,
            ada=site.user("ada", trust=2),
            bob=site.user("bob", trust=2),
            bot=bot,
        )
        site.now = week.now
        site.tag("deep-learning")
        week.set_to("2026-11-25T09:29:00+00:00")
        with week:
            await _opens(week)
            await _asks(week)
            await _dies(week)
            await _reminds(week)
            await _goes_on(week)
            await _votes(week)
        _judges(week)
        for topic in site.topics.values():
            sys.stdout.write(f"\n{site.shown(topic)}\n")  # pytest -s shows a reader's view of it


async def _opens(week: Week) -> None:
    week.set_to("2026-11-25T09:30:05+00:00")
    await week.until(
        lambda: (topic := week.weekly(1)) and topic.pinned_at, "the week's topic is opened and pinned"
    )
    topic = week.weekly(1)
    assert topic is not None
    assert topic.title == "Week 1 · Chapter 8: Collaborative Filtering Deep Dive"
    assert (topic.category, topic.tags) == (week.category, ("deep-learning",))
    assert '[date=2026-12-02 time=18:30:00 timezone="Australia/Sydney"]' in week.site.posts(topic)[0].raw


async def _asks(week: Week) -> None:
    topic, site = week.weekly(1), week.site
    assert topic is not None
    similar = site.say(week.bob, "Let us see.\n\n!similar Terminator", topic=topic)
    question = site.say(week.ada, "!q Why is y_range 5.5?", topic=topic)
    link = site.say(week.bob, "!link https://example.org/embeddings a good read", topic=topic)
    for post in (similar, question, link):
        await week.until(lambda post=post: week.answers(post), f"an answer to {post.raw!r}")
    (answer,) = week.answers(similar)
    assert "| Terminator 2: Judgment Day (1991) | 0.78 | 295 |" in answer.raw
    assert re.search(r"!\[Bar chart: Terminator 2: [^\]|]+\|\d+x\d+\]\(upload://\w+\.png\)", answer.raw)
    assert f'[quote="bob, post:{similar.number}, topic:{topic.id}"]' in answer.raw
    week.set_to("2026-11-26T09:00:00+00:00")
    first = site.posts(topic)[0]
    await week.until(lambda: "a good read" in first.raw, "the first post shows the link")


async def _dies(week: Week) -> None:
    """Killed while it answers; what was asked while it was dead is asked, too."""
    topic, site = week.weekly(1), week.site
    assert topic is not None
    asked = [site.say(week.bob, f"!kernel topedge at={row},7", topic=topic) for row in (5, 6, 7)]
    await week.until(lambda: any(week.answers(post) for post in asked), "the first answer after a burst")
    week.kill()
    asked.append(site.say(week.ada, "@studybot kernel topedge at=5,8", topic=topic))
    site.change(asked[0], "!kernel topedge at=5,7 image=7")
    week.start()
    for post in asked:
        await week.until(lambda post=post: week.answers(post), f"an answer to {post.raw!r} after the kill")
    assert "sum = " in week.answers(asked[3])[0].raw


async def _reminds(week: Week) -> None:
    for kind, moment in (
        ("remind-week", "2026-11-29T06:00:05+00:00"),
        ("remind-day", "2026-12-01T07:30:05+00:00"),
        ("remind-hour", "2026-12-02T06:30:05+00:00"),
        ("remind-soon", "2026-12-02T07:20:05+00:00"),
    ):
        week.set_to(moment)
        await week.until(week.posted(kind), kind)


async def _goes_on(week: Week) -> None:
    """The session is over; the next week opens in the place of this one."""
    week.set_to("2026-12-02T09:05:00+00:00")
    await week.until(week.posted("leftovers"), "leftovers")
    week.set_to("2026-12-02T09:30:05+00:00")
    first = week.weekly(1)
    assert first is not None
    await week.until(lambda: (topic := week.weekly(2)) and topic.pinned_at, "the next week's topic")
    await week.until(lambda: first.closed and not first.pinned_at, "the last one is closed")
    week.kill()
    week.set_to("2026-12-02T23:00:05+00:00")
    week.start()
    await week.until(week.posted("questionnaire"), "the questionnaire")


async def _votes(week: Week) -> None:
    week.set_to("2026-12-04T23:00:05+00:00")
    await week.until(week.posted("catchup"), "the proposal")
    proposal = next(each for each in week.ours() if "/catchup/" in each.raw)
    assert proposal.topic is week.weekly(2)
    week.site.vote(week.ada, proposal, "vote", list(SLOTS))
    week.site.vote(week.bob, proposal, "vote", [SLOTS[1]])
    week.set_to("2026-12-05T04:00:05+00:00")
    await week.until(week.posted("catchup-voted"), "when the catch-up is")
    said = next(each for each in week.ours() if "/catchup-voted/" in each.raw)
    assert '[date=2026-12-06 time=11:00:00 timezone="Australia/Sydney"]: that suits 2 of you' in said.raw


def _judges(week: Week) -> None:
    """Every key once, every command one answer; the forum was asked no more often than it allows."""
    markers = Counter(re.findall(r"<!-- sg:(\S+) -->", "\n".join(each.raw for each in week.ours())))
    assert [key for key, times in markers.items() if times > 1] == []
    commands = [each for each in week.site.all_posts.values() if each.user is not week.bot and each.topic.id != 1]
    asked = [each for each in commands if re.search(r"^[!@]", each.raw, re.M)]
    assert [(each.raw, len(week.answers(each))) for each in asked if len(week.answers(each)) != 1] == []
    assert week.key not in week.log
    assert "Traceback" not in week.log, week.log
