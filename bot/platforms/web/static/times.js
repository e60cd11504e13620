// Moments as the reader's own clock and language say them, and how long it is until then.

const MINUTE = 60_000;

const formats = {
  time: new Intl.DateTimeFormat(undefined, { timeStyle: "short" }),
  date: new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" }),
  weekday: new Intl.DateTimeFormat(undefined, { weekday: "short" }),
  day: new Intl.DateTimeFormat(undefined, { weekday: "short", day: "numeric", month: "short" }),
  year: new Intl.DateTimeFormat(undefined, { weekday: "short", day: "numeric", month: "short", year: "numeric" }),
  zone: new Intl.DateTimeFormat(undefined, { timeZoneName: "short" }),
  whole: new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short" }),
};

export const time = (at) => formats.time.format(at);
export const date = (at) => formats.date.format(at);
export const weekday = (at) => formats.weekday.format(at);
export const whole = (at) => formats.whole.format(at);

function zone(at) {
  const parts = formats.zone.formatToParts(at);
  return parts.find(({ type }) => type === "timeZoneName").value; // `CET`: in summer it is `CEST`
}

// `18:30` today, else `1 Dec, 18:30`.
export function stamp(at) {
  const today = at.toDateString() === new Date().toDateString();
  return today ? time(at) : `${date(at)}, ${time(at)}`;
}

export function day(at) {
  return (at.getFullYear() === new Date().getFullYear() ? formats.day : formats.year).format(at);
}

// `Wed 2 Dec, 08:30 – 10:00 CET`; the end names its day where that is another.
export function span(starts, ends) {
  const sameDay = starts.toDateString() === ends.toDateString();
  return `${day(starts)}, ${time(starts)} – ${sameDay ? "" : `${day(ends)}, `}${time(ends)} ${zone(ends)}`;
}

export const moment = (at) => `${day(at)}, ${time(at)} ${zone(at)}`;

// What a clock in that zone says: `Wed, 18:30`; nothing where the browser does not know the zone.
export function elsewhere(at, timeZone) {
  try {
    const there = (options) => new Intl.DateTimeFormat(undefined, { ...options, timeZone }).format(at);
    return `${there({ weekday: "short" })}, ${there({ timeStyle: "short" })}`;
  } catch {
    return "";
  }
}

// Begun minutes count whole: nobody is told "in 0 min".
export function countdown(starts, ends, now) {
  if (now >= ends) return "over";
  if (now >= starts) return "on now";
  const minutes = Math.ceil((starts - now) / MINUTE);
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60)];
  if (days) return `in ${days} day${days === 1 ? "" : "s"}${hours ? ` ${hours} h` : ""}`;
  if (hours) return `in ${hours} h${minutes % 60 ? ` ${minutes % 60} min` : ""}`;
  return `in ${minutes} min`;
}
