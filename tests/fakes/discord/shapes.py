"""People, roles, channels and the guild as Discord writes them."""

from datetime import datetime
from typing import Any

from tests.fakes.discord.permissions import in_guild
from tests.fakes.discord.state import State
from tests.fakes.discord.values import DM, JSON, Channel, Event, Role, User


def written(moment: datetime | None) -> str | None:
    """An instant."""
    return moment and moment.isoformat(timespec="microseconds")


def user(who: User) -> JSON:
    """A user."""
    body: JSON = {
        "id": str(who.id),
        "username": who.name,
        "global_name": who.display,
        "avatar": None,
        "discriminator": "0",
        "public_flags": 0,
        "flags": 0,
        "primary_guild": None,
    }
    return body | ({"bot": True} if who.bot else {})


def member(who: User) -> JSON:
    """What somebody is in the guild, without who they are."""
    return {
        "avatar": None,
        "banner": None,
        "communication_disabled_until": None,
        "flags": 0,
        "joined_at": written(who.joined_at),
        "nick": who.nick,
        "pending": False,
        "premium_since": None,
        "roles": [str(role.id) for role in who.roles],
        "mute": False,
        "deaf": False,
    }


def full_member(who: User) -> JSON:
    """A member, and who it is."""
    return {**member(who), "user": user(who)}


def role(which: Role) -> JSON:
    """A role."""
    tags = {"tags": {"bot_id": str(which.bot_id)}} if which.bot_id else {}
    return tags | {
        "id": str(which.id),
        "name": which.name,
        "permissions": str(which.permissions),
        "position": which.position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": which.managed,
        "mentionable": which.mentionable,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
    }


def channel(state: State, which: Channel) -> JSON:
    """A channel, a thread or a direct conversation."""
    body: JSON = {
        "id": str(which.id),
        "type": which.kind,
        "flags": which.flags,
        "last_message_id": str(which.last_message) if which.last_message else None,
    }
    if which.recipient is not None:
        return body | {"recipients": [user(which.recipient)]}
    body |= {"guild_id": str(state.guild.id), "name": which.name, "rate_limit_per_user": which.slow_seconds}
    if which.last_pin:
        body["last_pin_timestamp"] = written(which.last_pin)
    return body | (_thread(state, which) if which.is_thread else _parent(which))


def _parent(which: Channel) -> JSON:
    overwrites = [
        {"id": str(each.target), "type": int(each.member), "allow": str(each.allow), "deny": str(each.deny)}
        for each in which.overwrites.values()
    ]
    body: JSON = {
        "position": which.position,
        "parent_id": None,
        "topic": which.topic,
        "nsfw": False,
        "permission_overwrites": overwrites,
    }
    if which.is_forum:
        tags = [
            {"id": str(tag.id), "name": tag.name, "moderated": False, "emoji_id": None, "emoji_name": None}
            for tag in which.tags
        ]
        body |= {
            "available_tags": tags,
            "default_reaction_emoji": None,
            "default_sort_order": None,
            "default_forum_layout": 0,
        }
    return body


def _thread(state: State, which: Channel) -> JSON:
    body: JSON = {
        "parent_id": str(which.parent.id) if which.parent else None,
        "owner_id": str(which.owner.id) if which.owner else str(state.owner.id),
        "message_count": which.sent,
        "total_message_sent": which.sent,
        "member_count": len(which.members),
        "thread_metadata": {
            "archived": which.archived,
            "archive_timestamp": written(which.archived_at or which.created_at),
            "auto_archive_duration": which.auto_archive,
            "locked": which.locked,
            "create_timestamp": written(which.created_at),
        },
    }
    if which.parent and which.parent.is_forum:
        body["applied_tags"] = [str(number) for number in which.applied]
    if state.bot.id in which.members:
        body["member"] = thread_member(which, state.bot)
    return body


def thread_member(thread: Channel, who: User) -> JSON:
    """Somebody who follows a thread."""
    return {
        "id": str(thread.id),
        "user_id": str(who.id),
        "join_timestamp": written(thread.members[who.id]),
        "flags": 0,
    }


def partial_channel(state: State, which: Channel, who: User) -> JSON:
    """A channel as an interaction shows it, with what the person may do there."""
    return channel(state, which) | {"permissions": str(state.rights(who, which).bits)}


def event(state: State, which: Event) -> JSON:
    """A scheduled event."""
    return {
        "id": str(which.id),
        "guild_id": str(state.guild.id),
        "name": which.name,
        "description": which.description,
        "channel_id": str(which.channel) if which.channel else None,
        "creator_id": str(which.creator.id),
        "creator": user(which.creator),
        "image": None,
        "scheduled_start_time": written(which.starts_at),
        "scheduled_end_time": written(which.ends_at),
        "status": which.status,
        "entity_type": which.kind,
        "entity_id": None,
        "recurrence_rule": which.recurrence,
        "privacy_level": 2,
        "guild_scheduled_event_exceptions": [],
        "entity_metadata": {"location": which.location} if which.kind == 3 else None,
    }


def guild_settings(state: State) -> JSON:
    """The fields of a guild that its events and its REST object share."""
    guild = state.guild
    return {
        "id": str(guild.id),
        "name": guild.name,
        "owner_id": str(guild.owner.id),
        "icon": None,
        "description": None,
        "home_header": None,
        "splash": None,
        "discovery_splash": None,
        "features": [],
        "banner": None,
        "region": "us-west",
        "application_id": None,
        "afk_channel_id": None,
        "afk_timeout": 300,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "widget_enabled": False,
        "widget_channel_id": None,
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "max_presences": None,
        "max_members": 500_000,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
        "vanity_url_code": None,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "preferred_locale": "en-US",
        "rules_channel_id": None,
        "safety_alerts_channel_id": None,
        "public_updates_channel_id": None,
        "premium_progress_bar_enabled": False,
        "nsfw": False,
        "nsfw_level": 0,
        "emojis": [],
        "stickers": [],
        "incidents_data": None,
        "roles": [role(each) for each in state.tables.roles.values()],
    }


def guild_create(state: State, *, everybody: bool) -> JSON:
    """The guild as the gateway shows it: people in full only to whom the members intent was granted."""
    people = [each for each in state.tables.users.values() if each.member]
    shown = [each for each in people if everybody or each is state.bot]
    threads = [
        channel(state, each)
        for each in state.all_threads()
        if not each.archived and state.rights(state.bot, each).bits
    ]
    channels = [
        channel(state, each) for each in state.tables.channels.values() if not each.is_thread and each.kind != DM
    ]
    return guild_settings(state) | {
        "joined_at": written(state.bot.joined_at),
        "large": False,
        "unavailable": False,
        "member_count": len(people),
        "members": [full_member(each) for each in shown],
        "channels": channels,
        "threads": threads,
        "presences": [],
        "voice_states": [],
        "stage_instances": [],
        "soundboard_sounds": [],
        "guild_scheduled_events": [event(state, each) for each in state.tables.events.values()],
    }


def application(state: State) -> JSON:
    """The bot's own application."""
    return {
        "id": str(state.application_id),
        "name": state.bot.name,
        "icon": None,
        "description": "",
        "type": None,
        "bot": user(state.bot),
        "bot_public": False,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": state.application_flags,
        "flags_new": str(state.application_flags),
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "owner": user(state.owner),
        "approximate_guild_count": 1,
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "team": None,
        "eligible_oauth2_scopes": [],
    }


def ready(state: State, session: str, shard: Any) -> JSON:
    """The first event of a session."""
    body: JSON = {
        "v": 10,
        "user": user(state.bot),
        "guilds": [{"id": str(state.guild.id), "unavailable": True}],
        "session_id": session,
        "resume_gateway_url": state.gateway,
        "application": {"id": str(state.application_id), "flags": state.application_flags},
    }
    return body | ({"shard": shard} if shard else {})


def interaction_member(state: State, who: User, where: Channel) -> JSON:
    """Who acted, with what they may do there."""
    return full_member(who) | {"permissions": str(state.rights(who, where).bits)}


def guild_permissions(state: State, who: User) -> str:
    """A member's permissions before the channels."""
    return str(in_guild(state.guild, who))
