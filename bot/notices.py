"""What a week's thread says once its session is held at another time, or not at all."""

from datetime import date, datetime

from bot.programme import Programme
from bot.values import Reply, escape, moment
from scheduler.series import Occurrence
from scheduler.zones import instant


def changed(programme: Programme, session: Occurrence | None, was: datetime | None, now: datetime) -> Reply:
    """For the thread: the session as it is held by now, if it is, and when it was to be before, if it was."""
    if session is None:
        return called_off(programme, was or now, now)
    zone, title = programme.series.zone, escape(programme.meeting(session).title)
    if was is None:
        return Reply(text=f"**We meet after all**, on {moment(session.starts, zone)}: {title}.")
    then, now_on = moment(was, zone), moment(session.starts, zone)
    return Reply(text=f"**The session is moved**: we meet on {now_on}, and not on {then}. It is about {title}.")


def called_off(programme: Programme, starts: datetime, now: datetime) -> Reply:
    """For the thread, and for its first post: nobody meets then."""
    zone, following = programme.series.zone, programme.next(now)
    text = f"**We do not meet on {moment(starts, zone)}.**"
    if following is not None:
        title = escape(programme.meeting(following).title)
        text += f"\n\nNext time: **{title}**, {moment(following.starts, zone)}."
    return Reply(text=text)


def planned(programme: Programme, day: date) -> datetime:
    """When the session of a date that is not held would have started."""
    return programme.cancelled.get(day) or instant(day, programme.series.at, programme.series.clocks)
