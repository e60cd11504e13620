"""What a client asks first: who it is, where the gateway is, who is in the guild."""

from tests.fakes.discord import shapes
from tests.fakes.discord.routing import Answer, Call, route
from tests.fakes.discord.values import DM, Problem


@route("GET", "/users/@me")
def me(call: Call) -> Answer:
    """The bot itself."""
    about = {"mfa_enabled": True, "locale": "en-US", "verified": True, "email": None, "premium_type": 0}
    return Answer(body=shapes.user(call.state.bot) | about)


@route("GET", "/oauth2/applications/@me")
def application(call: Call) -> Answer:
    """The bot's application."""
    return Answer(body=shapes.application(call.state))


@route("GET", "/gateway")
def gateway(call: Call) -> Answer:
    """Where the gateway is."""
    return Answer(body={"url": call.state.gateway})


@route("GET", "/gateway/bot")
def gateway_bot(call: Call) -> Answer:
    """Where the gateway is, and how many sessions may still be started today."""
    state = call.state
    limit = {
        "total": state.limits.identifies,
        "remaining": max(0, state.limits.identifies - len(state.identified)),
        "reset_after": 24 * 3_600_000,
        "max_concurrency": 1,
    }
    return Answer(body={"url": state.gateway, "shards": 1, "session_start_limit": limit})


@route("GET", "/users/{user}")
def user(call: Call) -> Answer:
    """Somebody."""
    found = call.state.tables.users.get(call.number("user"))
    if found is None:
        raise Problem(404, 10013, "Unknown User")
    return Answer(body=shapes.user(found))


@route("POST", "/users/@me/channels")
def direct(call: Call) -> Answer:
    """Open a direct conversation; whether they take messages shows only then (50007)."""
    state = call.state
    number = call.body.get("recipient_id")
    who = state.tables.users.get(int(number or 0))
    if who is None or who is state.bot:
        raise Problem(400, 50033, "Invalid Recipient(s)")
    return Answer(body=shapes.channel(state, state.direct(who)))


@route("GET", "/guilds/{guild}")
def guild(call: Call) -> Answer:
    """The guild."""
    call.guild()
    return Answer(body=shapes.guild_settings(call.state))


@route("GET", "/guilds/{guild}/roles")
def roles(call: Call) -> Answer:
    """Its roles."""
    call.guild()
    return Answer(body=[shapes.role(each) for each in call.state.tables.roles.values()])


@route("GET", "/guilds/{guild}/channels")
def channels(call: Call) -> Answer:
    """Its channels, without threads."""
    call.guild()
    found = [each for each in call.state.tables.channels.values() if not each.is_thread and each.kind != DM]
    return Answer(body=[shapes.channel(call.state, each) for each in found])


@route("GET", "/guilds/{guild}/members/{user}")
def member(call: Call) -> Answer:
    """A member: 10007 if they are none."""
    call.guild()
    found = call.state.tables.users.get(call.number("user"))
    if found is None or not found.member:
        raise Problem(404, 10007, "Unknown Member")
    return Answer(body=shapes.full_member(found))


@route("GET", "/channels/{channel}")
def channel(call: Call) -> Answer:
    """A channel, a thread or a direct conversation."""
    return Answer(body=shapes.channel(call.state, call.channel()))
