// The side column: the next session with a countdown, the plan, what was delivered and what comes next.

import { countdown, date, elsewhere, span, stamp, weekday, whole } from "./times.js";
import { element } from "./thread.js";

const MINUTE = 60_000;
const WEEK = 7 * 24 * 60 * MINUTE;
const WINDOW = 5; // weeks of the plan that are shown at first: the last one, this one, what comes
const COUNTS = { done: "sent", owed: "next", expired: "expired", dead: "failed" };
const NOTES = { skipped: "skipped", cancelled: "cancelled", now: "on now" };
const STATES = { ...COUNTS, stopped: "stopped" };

export class Week {
  constructor(aside) {
    this.aside = aside;
    this.part = (id) => aside.querySelector(`#${id}`);
    if (aside.hidden) return;
    const wide = matchMedia("(min-width: 1100px)");
    const fit = () => (aside.firstElementChild.open = wide.matches);
    wide.addEventListener("change", fit);
    fit();
    this.part("whole").addEventListener("click", () => this.unfold());
    document.addEventListener("visibilitychange", () => document.hidden || this.pass());
    this.wait();
  }

  // News that comes while one answer is under way is one more question, not one each.
  async load() {
    this.again = Boolean(this.asking);
    if (this.aside.hidden || this.asking) return;
    this.asking = true;
    const text = await this.ask();
    this.asking = false;
    if (text) this.show(text);
    if (this.again) await this.load();
  }

  async ask() {
    try {
      const response = await fetch("/week");
      if (response.status === 404) this.aside.hidden = true;
      return response.ok ? await response.text() : "";
    } catch {
      return ""; // the thread says that the line is cut; what is known stays
    }
  }

  wait() {
    clearTimeout(this.next);
    this.next = setTimeout(() => this.pass(), MINUTE - (Date.now() % MINUTE));
  }

  pass() {
    this.tick();
    if (!document.hidden) this.load();
    this.wait();
  }

  show(text) {
    if (text === this.shown) return;
    this.shown = text;
    this.week = JSON.parse(text);
    this.session(this.week.session, this.week.zone);
    this.plan();
    this.deliveries(this.week.deliveries);
    const calendar = new URL(this.week.calendar, location.href);
    if (calendar.origin === location.origin) this.part("calendar").href = calendar.pathname;
    this.tick();
    this.aside.classList.add("known");
  }

  session(session, zone) {
    for (const id of ["countdown", "session-time", "guest", "reading"]) this.part(id).replaceChildren();
    if (!session) {
      this.part("session-title").textContent = "No session is planned.";
      return;
    }
    this.part("session-title").textContent = session.title;
    const starts = new Date(session.starts);
    const here = element("time", {
      dateTime: session.starts,
      title: whole(starts),
      textContent: span(starts, new Date(session.ends)),
    });
    const there = elsewhere(starts, zone);
    const same = there === elsewhere(starts, undefined);
    this.part("session-time").append(here);
    if (there && !same) {
      this.part("session-time").append(element("span", { textContent: `${there} in ${zone.replaceAll("_", " ")}` }));
    }
    this.part("guest").textContent = session.guest && `With ${session.guest}`;
    this.part("reading").append(...session.reading.map((each) => element("li", { textContent: each })));
  }

  plan() {
    const { plan } = this.week;
    const now = plan.findIndex(({ state }) => state === "now" || state === "next");
    const first = Math.max(0, Math.min((now < 0 ? plan.length : now) - 1, plan.length - WINDOW));
    const button = this.part("whole");
    const open = button.getAttribute("aria-expanded") === "true";
    const shown = open ? plan : plan.slice(first, first + WINDOW);
    this.part("plan").hidden = !plan.length;
    this.part("weeks").replaceChildren(...shown.map((each) => this.row(each)));
    button.hidden = plan.length <= WINDOW;
    button.textContent = open ? "Show fewer weeks" : `Show all ${plan.length} weeks`;
  }

  unfold() {
    const button = this.part("whole");
    button.setAttribute("aria-expanded", String(button.getAttribute("aria-expanded") !== "true"));
    this.plan();
  }

  row({ number, date: local, starts, title, state, moved }) {
    // A date without a time has no zone to be told in; noon keeps it the same day everywhere.
    const at = new Date(starts ?? `${local}T12:00`);
    const name = element("td", { textContent: title });
    const notes = [NOTES[state], moved && (starts ? `moved to ${weekday(at)}` : "moved")].filter(Boolean);
    if (notes.length) name.append(element("small", { textContent: notes.join(", ") }));
    if (state === "held") name.append(element("span", { className: "unseen", textContent: ", held" }));
    const when = element("time", { dateTime: starts ?? local, textContent: date(at) });
    if (starts) when.title = whole(at);
    const week = element("th", { scope: "row", textContent: number ?? "–" });
    const row = element("tr", { className: state }, week, element("td", {}, when), name);
    if (state === "now" || state === "next") row.setAttribute("aria-current", "true");
    return row;
  }

  deliveries({ counts, recent }) {
    const some = Object.entries(COUNTS).map(([state, word]) =>
      element(
        "li",
        { className: counts[state] ? state : "none" },
        element("strong", { textContent: counts[state] }),
        ` ${word}`,
      ),
    );
    this.part("counts").replaceChildren(...some);
    this.part("recent").replaceChildren(...recent.map((each) => this.delivery(each)));
  }

  delivery({ kind, title, at, state, error }) {
    const when = new Date(at);
    const stamped = element("time", { dateTime: at, title: whole(when), textContent: stamp(when) });
    const small = element("small", {}, `${STATES[state] ?? state} · `, stamped);
    const line = element("li", { className: state, title: kind }, element("span", { textContent: title || kind }), small);
    if (error) line.append(element("small", { className: "error", textContent: error }));
    return line;
  }

  tick() {
    const session = this.week?.session;
    if (!session) {
      this.part("session-name").textContent = "This week";
      this.part("brief").textContent = this.week ? "no session is planned" : "";
      return;
    }
    const [starts, ends, now] = [Date.parse(session.starts), Date.parse(session.ends), Date.now()];
    const said = countdown(starts, ends, now);
    const heading = starts - now < WEEK ? "This week" : "Next session";
    const number = session.number ? `Week ${session.number}` : "";
    this.part("countdown").textContent = said;
    this.part("session-name").textContent = [heading, number].filter(Boolean).join(" · ");
    this.part("brief").textContent = said.startsWith("in ") ? `next session ${said}` : `session ${said}`;
  }
}
