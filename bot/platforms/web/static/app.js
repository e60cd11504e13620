// The page: posts come from the server, go to it, and arrive by server-sent events.

import { Box } from "./box.js";
import { Pad } from "./draw.js";
import { Picture } from "./picture.js";
import { Thread, element } from "./thread.js";
import { Week } from "./week.js";

const PAGE = 100; // posts that the server sends at once
const PATIENCE = 300; // milliseconds before anything is said about an answer in the making
const LONG = 2000; // from here on the seconds are counted
const RETRY = 3000;
const LOST = "The connection to the bot is lost. Trying again …";

const $ = (id) => document.getElementById(id);
const prefix = document.body.dataset.prefix;

const thread = new Thread($("posts"), { below: $("below"), announcer: $("announcer"), choose });
const box = new Box($("composer"), { prefix, complete, submit, history: () => thread.typed });

const picture = new Picture($("composer"), { say: (notice) => box.say(notice), came: brought });
new Pad($("pad"), $("draw"), { kernels, done: drawn });

const week = new Week($("week"));

let unsent = null; // the text whose sending broke off, and its key: tried again, it is stored once
let since = 0;
let ticking = 0;

async function json(address, options) {
  const response = await fetch(address, options);
  const body = await response.json().catch(() => null);
  if (response.ok) return body;
  throw new Refusal(body?.error ?? `The bot answered with status ${response.status}.`);
}

class Refusal extends Error {}

async function complete(line) {
  try {
    return await json(`/complete?line=${encodeURIComponent(line)}`);
  } catch {
    return []; // nobody asked for suggestions
  }
}

async function submit(text) {
  const { png, questions } = picture;
  if (unsent?.text !== text || unsent.picture !== png || unsent.file !== questions) {
    unsent = { text, key: randomKey(), picture: png, file: questions };
  }
  try {
    const headers = { "Content-Type": "application/json" };
    const address = questions ? "/posts/filed" : png ? "/posts/pictured" : "/posts";
    const post = await json(address, { method: "POST", headers, body: JSON.stringify(unsent) });
    unsent = null;
    if (picture.png === png && picture.questions === questions) picture.drop();
    box.say("");
    $("welcome").hidden = true;
    thread.receive(post);
    return true;
  } catch (problem) {
    const why = problem instanceof Refusal ? problem.message : "The bot cannot be reached.";
    box.say(`Not sent. ${why}`);
    return false;
  }
}

// Not randomUUID: that one is missing where the page is not served from this machine or by HTTPS.
function randomKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function listen() {
  const events = new EventSource(`/events?after=${thread.last}`);
  events.addEventListener("open", reached);
  events.addEventListener("post", (event) => {
    $("welcome").hidden = true;
    thread.receive(JSON.parse(event.data));
  });
  events.addEventListener("pinned", (event) => pin(JSON.parse(event.data)));
  events.addEventListener("week", () => week.load());
  events.addEventListener("working", (event) => working(JSON.parse(event.data).length > 0));
  events.addEventListener("another", () => location.reload());
  events.addEventListener("error", () => {
    box.say(LOST);
    working(false);
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, RETRY);
  });
}

// The bot is there again; what the box says otherwise stays.
function reached() {
  if (box.notice.textContent === LOST) box.say("");
}

function pin(pins) {
  const links = pins.map(({ id, title }) => {
    const link = element("a", { href: `#post-${id}`, textContent: title });
    link.addEventListener("click", (event) => thread.posts.has(id) || (event.preventDefault(), find(id)));
    return element("p", {}, element("span", { textContent: "Pinned:" }), " ", link);
  });
  $("pinned").replaceChildren(...links);
  $("pinned").hidden = !links.length;
  thread.keepInView();
}

// A post from before what the page has loaded.
async function find(id) {
  try {
    while (!thread.posts.has(id) && !$("earlier").hidden) await earlier();
    location.hash = `#post-${id}`;
  } catch {
    box.say(LOST);
  }
}

function working(busy) {
  if (!busy) {
    clearInterval(ticking);
    since = 0;
    $("working").hidden = true;
    $("working").className = "";
    $("elapsed").textContent = $("working").firstElementChild.textContent = "";
  } else if (!since) {
    since = performance.now();
    ticking = setInterval(tick, 100);
  }
}

function tick() {
  const passed = performance.now() - since;
  if (passed < PATIENCE) return;
  if ($("working").hidden) {
    const atEnd = thread.atEnd();
    $("working").hidden = false;
    $("working").firstElementChild.textContent = "The bot is working …";
    if (atEnd) scrollTo(0, document.documentElement.scrollHeight);
  }
  if (passed >= LONG) {
    $("working").className = "long";
    $("elapsed").textContent = ` ${Math.floor(passed / 1000)} s`;
  }
}

async function earlier() {
  const height = document.documentElement.scrollHeight;
  const { posts } = await json(`/posts?before=${thread.first}`);
  thread.load(posts);
  $("earlier").hidden = posts.length < PAGE;
  scrollBy(0, document.documentElement.scrollHeight - height); // what was being read stays where it was
}

async function start() {
  try {
    const { posts } = await json("/posts");
    thread.load(posts);
    $("welcome").hidden = posts.length > 0;
    $("earlier").hidden = posts.length < PAGE;
  } catch {
    box.say(LOST);
    setTimeout(start, RETRY);
    return;
  }
  const named = document.getElementById(location.hash.slice(1));
  if (named) named.scrollIntoView();
  else if (thread.last) thread.follow($("posts").lastElementChild);
  // A pointer means a keyboard; on a phone, focus would cover half the thread. Who is elsewhere already stays there.
  const free = document.activeElement === document.body;
  if (free && matchMedia("(hover: hover) and (pointer: fine)").matches) box.line.focus({ preventScroll: true });
  reached();
  listen();
}

// A choice that asks for more puts its command into the box, for the reader to write on.
function choose(command, ask) {
  if (!ask) return submit(command);
  box.set(`${command} `);
  box.line.focus();
  box.say(ask);
}

// A picture or a file alone says nothing: the command that most people want is put beside it.
function brought() {
  const line = picture.questions ? "questionnaire import" : "kernel topedge";
  if (!box.line.value.trim()) box.set(`${prefix}${line}`);
  box.line.focus();
}

async function kernels() {
  try {
    return await json("/kernels.json");
  } catch {
    return []; // then one draws without seeing them
  }
}

async function drawn(canvas, kernel) {
  if (!(await picture.take(canvas, "your drawing"))) return;
  const line = `${prefix}kernel ${kernel}`;
  if (!kernel) brought();
  else if (!(await submit(line))) box.set(line);
}

$("earlier").addEventListener("click", () => earlier().catch(() => box.say(LOST)));
for (const button of document.querySelectorAll("#welcome .choice")) {
  button.addEventListener("click", () => submit(button.textContent));
}
start();
