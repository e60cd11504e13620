"""What the doctor finds out about a forum, and the setting it names."""

from collections.abc import AsyncGenerator, Callable
from datetime import timedelta
from random import Random

import pytest

from bot.database import Database
from bot.health import Finding, examine
from bot.platforms.discourse.api import Api
from bot.platforms.discourse.budget import Budget
from bot.platforms.discourse.doctor import NEEDED, Doctor
from bot.platforms.discourse.http import Http
from tests.bot.platforms.discourse.forum import Forum
from tests.fakes.discourse import Fault, Site, serve


class Patient:
    """A forum and what is set for it."""

    def __init__(self, forum: Forum) -> None:
        self.forum, self.site, self.webhook = forum, forum.site, ""
        self.category, self.username = forum.category.id, "bot"

    async def findings(self) -> dict[str, Finding]:
        """What the doctor says, by check."""
        forum = self.forum
        http = Http(
            forum.server.url,
            key=forum.key,
            username=self.username,
            budget=Budget(forum.clock),
            clock=forum.clock,
            chance=Random(1),  # noqa: S311 - a test's chance
            timeout=60.0,
        )
        doctor = Doctor(
            Api(http),
            forum.clock,
            category=self.category,
            username=self.username,
            prefix="!",
            webhook=self.webhook,
        )
        found = await examine(doctor.checks)
        await http.close()
        return {each.name.removeprefix("discourse "): each for each in found}


@pytest.fixture
async def patient(database: Database) -> AsyncGenerator[Patient]:
    """A forum as docs/discourse.md asks for it."""
    site = Site(settings={"min_post_length": 4})
    async with serve(site) as server:
        yield Patient(Forum(database, server, site))


async def test_a_forum_as_it_should_be(patient: Patient) -> None:
    """Nothing has to change, and each line says what was seen."""
    found = await patient.findings()
    assert [name for name, each in found.items() if not each.good] == []
    assert found["key"].said == "good for everything, as bot"
    assert found["account"].said == "bot, trust level 2, in bots"
    assert "topics are opened in Study" in found["category"].said
    assert "Fake Forum, Discourse 2026" in found["server"].said
    assert "min_post_length" not in found["posts"].said


def revoked(patient: Patient) -> None:
    """The key is no longer taken."""
    patient.site.revoke(patient.forum.key)


def scoped(patient: Patient) -> None:
    """The key is for reading alone."""
    patient.forum.key = patient.site.key(patient.forum.bot, scopes=("global:read",))


def new(patient: Patient) -> None:
    """The account was made just now."""
    patient.forum.bot.trust = 0


def elsewhere(patient: Patient) -> None:
    """There is no such category."""
    patient.category = 999


def readers(patient: Patient) -> None:
    """The account may only read there."""
    patient.category = patient.site.category("News", read_only_for="bots").id


def no_png(patient: Patient) -> None:
    """Only JPEG may be uploaded."""
    patient.site.settings["authorized_extensions"] = "jpg|jpeg"


def small(patient: Patient) -> None:
    """Only small pictures may be uploaded."""
    patient.site.settings["max_image_size_kb"] = 100


def late(patient: Patient) -> None:
    """The clock of this machine is ten minutes ahead."""
    patient.site.now = lambda: patient.forum.clock.now() - timedelta(minutes=10)


def unheard(patient: Patient) -> None:
    """A webhook's secret, and nowhere to call."""
    patient.webhook = "/hooks/discourse"


def silent(patient: Patient) -> None:
    """Nobody answers at our own address."""
    patient.webhook = "http://127.0.0.1:9/hooks/discourse"


@pytest.mark.parametrize(
    ("ill", "check", "setting"),
    [
        (revoked, "key", "DISCOURSE_API_KEY"),
        (scoped, "key", f"lacks the scopes {', '.join(NEEDED[:4])}"),
        (new, "account", "lock it at 2"),
        (elsewhere, "category", "DISCOURSE_CATEGORY_ID"),
        (readers, "category", "permission to create"),
        (no_png, "pictures", "authorized_extensions"),
        (small, "pictures", "max_image_size_kb"),
        (late, "clock", "NTP"),
        (unheard, "webhook", "PUBLIC_URL is not"),
        (silent, "webhook", "see to PUBLIC_URL"),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)
async def test_what_has_to_change_is_named(
    patient: Patient, ill: Callable[[Patient], None], check: str, setting: str
) -> None:
    """Each with the setting, and without the key."""
    ill(patient)
    found = (await patient.findings())[check]
    assert not found.good
    assert setting in found.said
    assert patient.forum.key not in found.said


async def test_bare_commands_are_explained(patient: Patient) -> None:
    """A forum that asks for 20 characters works all the same; what that means is said."""
    patient.site.settings["min_post_length"] = 20
    found = (await patient.findings())["posts"]
    assert found.good
    assert "refuses a bare !help: lower min_post_length to 4" in found.said


async def test_a_forum_that_is_down_is_said_to_be(patient: Patient) -> None:
    """Every check says so, and none hangs."""
    patient.site.faults.append(Fault(what="502 before", times=1000))
    found = await patient.findings()
    assert not any(each.good for each in found.values())


async def test_staff_works_but_is_told(patient: Patient) -> None:
    """As a plain account, members could ignore it."""
    patient.forum.bot.moderator = True
    found = (await patient.findings())["account"]
    assert found.good
    assert "it is staff" in found.said
