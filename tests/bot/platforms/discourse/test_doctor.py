"""What the doctor finds out about a forum, and the setting it names."""

from collections.abc import AsyncGenerator, Callable
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

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
        self.home, self.username = forum.home, "bot"

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
            self.home,
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
    assert found["category"].said == "topics are opened in Study, and may be pinned"
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
    patient.home = replace(patient.home, category=999)


def readers(patient: Patient) -> None:
    """The account may only read there."""
    patient.home = replace(patient.home, category=patient.site.category("News", read_only_for="bots").id)


def untagged(patient: Patient) -> None:
    """One of two tags is not there."""
    patient.site.tag("week")
    patient.home = replace(patient.home, tags=("week", "weekly"))


def unled(patient: Patient) -> None:
    """The group's name is misspelt."""
    patient.home = replace(patient.home, admin_group="leadres")


def silenced(patient: Patient) -> None:
    """A moderator took the account's voice away."""
    patient.site.silence(patient.forum.bot)


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
        (untagged, "tags", "has no tag weekly: make it there"),
        (unled, "admins", "DISCOURSE_ADMIN_GROUP"),
        (silenced, "account", "is silenced"),
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


async def test_what_is_set_well_is_told(patient: Patient) -> None:
    """Tags and the group that may steer, where there are any."""
    patient.site.tag("week")
    patient.site.group("leaders").members.add(patient.forum.ada.id)
    patient.home = replace(patient.home, tags=("week",), admin_group="leaders")
    found = await patient.findings()
    assert found["tags"].said == "each week's topic gets week"
    assert found["admins"].said == "the forum's staff and the 1 in leaders may steer"
    assert {"tags", "admins"} <= {name for name, each in found.items() if each.good}


async def test_what_works_with_less_is_told(patient: Patient) -> None:
    """A category that the group does not moderate, and trust that lasts for a day."""
    patient.forum.category.moderators = None
    patient.forum.bot.trust = 1
    found = await patient.findings()
    assert all(each.good for each in found.values())
    assert "enable_category_group_moderation" in found["category"].said
    assert "locked at 2" in found["account"].said


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (405, "leads to me"),
        (404, "let the proxy pass"),
        (421, "PUBLIC_URL"),
        (502, "start me"),
        (200, "is that me?"),
    ],
)
async def test_who_answers_at_our_address_is_looked_at(patient: Patient, status: int, said: str) -> None:
    """Our own answer is that it is there to be called; a proxy has others."""

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=status)

    app = web.Application()
    app.router.add_get("/hooks/discourse", answer)
    async with TestServer(app) as server:
        patient.webhook = str(server.make_url("/hooks/discourse"))
        found = (await patient.findings())["webhook"]
    assert found.good == (status == 405)
    assert said in found.said


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
