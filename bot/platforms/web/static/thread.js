// The posts on the page: each shown once, in the order of their numbers, and changed where it stands.

import { moment, stamp, whole } from "./times.js";

const NEAR = 160; // pixels from the end that still count as reading the end
const STILL = matchMedia("(prefers-reduced-motion: reduce)"); // nothing shall move
const SETTLE = 3000; // milliseconds in which pictures that arrive late may move what is followed

export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

export class Thread {
  constructor(list, { below, announcer, choose }) {
    Object.assign(this, { list, below, announcer, choose });
    this.posts = new Map();
    this.followed = null;
    new ResizeObserver(() => this.keepInView()).observe(list);
    for (const act of ["wheel", "touchmove", "pointerdown", "keydown"]) {
      addEventListener(act, () => (this.followed = null), { passive: true });
    }
    addEventListener("scroll", () => this.atEnd() && (this.below.hidden = true), { passive: true });
    this.below.addEventListener("click", () => {
      this.below.hidden = true;
      this.follow(this.list.lastElementChild);
    });
  }

  get first() {
    return Math.min(...this.posts.keys());
  }

  get last() {
    return Math.max(0, ...this.posts.keys());
  }

  get typed() {
    return [...this.posts.values()].filter((post) => !post.bot).map((post) => post.text);
  }

  // Posts that were there before: shown without a word.
  load(posts) {
    for (const post of posts) this.put(post);
  }

  // A post as it happens: announced, and followed by whoever reads the end of the thread.
  receive(post) {
    const known = this.posts.get(post.id);
    // It may come both ways, as the answer to our request and as news; and twice within one tick of the clock.
    if (known?.edited === post.edited && known?.html === post.html) return;
    const reading = this.atEnd();
    const shown = this.put(post);
    if (known && !known.unfinished) return; // changed where it stands: whoever reads on is not disturbed
    if (!known || !post.unfinished) this.announce(post, shown);
    if (reading || !post.bot) this.follow(shown);
    else if (!known) this.below.hidden = false;
  }

  put(post) {
    const shown = this.article(post);
    const before = this.list.querySelector(`#post-${post.id}`);
    this.posts.set(post.id, post);
    if (before) {
      before.replaceWith(shown);
    } else {
      const next = [...this.list.children].find((each) => Number(each.dataset.id) > post.id);
      this.list.insertBefore(shown, next ?? null);
    }
    return shown;
  }

  article(post) {
    const name = element("h2", { id: `name-${post.id}`, textContent: post.name });
    const at = new Date(post.at);
    const written = element("time", { dateTime: post.at, title: whole(at), textContent: stamp(at) });
    const link = element("a", { href: `#post-${post.id}` }, written);
    if (post.edited) link.append(" · edited");
    const content = element("div", { className: "content" });
    if (post.title) content.append(element("h3", { className: "title", textContent: post.title }));
    content.append(this.text(post));
    if (post.table) content.append(this.table(post));
    content.append(...post.pictures.map((picture) => this.picture(picture)));
    if (post.file) content.append(this.file(post.file));
    if (post.choices.length) content.append(this.choices(post.choices));
    const shown = element(
      "article",
      { id: `post-${post.id}`, className: "post" },
      this.avatar(post),
      element("div", { className: "head" }, name, link),
      content,
    );
    shown.dataset.id = post.id;
    if (post.unfinished) shown.setAttribute("aria-busy", "true");
    shown.setAttribute("aria-labelledby", name.id);
    return shown;
  }

  avatar(post) {
    const avatar = element("div", { className: "avatar" });
    avatar.setAttribute("aria-hidden", "true");
    avatar.append(post.bot ? element("img", { src: "/static/icon.svg", alt: "" }) : [...post.name][0].toUpperCase());
    return avatar;
  }

  // The one place where HTML is taken as it comes: the server made it, and let only harmless tags through.
  text(post) {
    const text = element("div", { className: "text", innerHTML: post.html });
    for (const code of text.querySelectorAll("pre")) code.tabIndex = 0; // wide code scrolls by keyboard too
    for (const each of text.querySelectorAll("time")) this.tell(each);
    return text;
  }

  // A moment by the reader's own clock; by the group's, as it was written, where the pointer rests.
  tell(each) {
    const at = new Date(each.dateTime);
    if (Number.isNaN(at.getTime())) return;
    each.title = each.textContent;
    each.textContent = moment(at);
  }

  table(post) {
    const box = element("div", { className: "scroll", innerHTML: post.table, tabIndex: 0 });
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", "Table");
    return box;
  }

  picture({ src, alt }) {
    if (STILL.matches && src.includes(".gif?")) return this.stillness(src, alt);
    const image = element("img", { src, alt });
    const figure = element("figure", {}, element("a", { href: src, target: "_blank", rel: "noopener" }, image));
    image.addEventListener("error", () => {
      figure.className = "missing";
      figure.textContent = `The picture cannot be shown. ${alt}`;
    });
    return figure;
  }

  file({ src, name }) {
    return element("p", {}, element("a", { href: src, download: name, textContent: `Save ${name}` }));
  }

  // Who wants nothing to move on the page reads what would, and may look at it in a tab of its own.
  stillness(src, alt) {
    const play = element("a", { href: src, target: "_blank", rel: "noopener", textContent: "Play the moving picture" });
    return element("figure", { className: "missing" }, `${alt} `, play);
  }

  choices(choices) {
    const buttons = choices.map(({ label, command, ask }) => {
      const button = element("button", { type: "button", className: "choice", textContent: label, title: command });
      button.addEventListener("click", () => this.choose(command, ask));
      return button;
    });
    return element("div", { className: "choices" }, ...buttons);
  }

  announce(post, shown) {
    if (!post.bot) return;
    const words = [post.title, shown.querySelector(".text").textContent.trim()].filter(Boolean).join(". ");
    const pictures = post.pictures.map((picture) => picture.alt);
    this.announcer.textContent = [`${post.name}: ${words.slice(0, 300)}`, ...pictures].join(" ");
  }

  atEnd() {
    const root = document.documentElement;
    return root.scrollHeight - innerHeight - scrollY < NEAR;
  }

  // Keep a new post in view while its pictures arrive: its end, or its beginning when it is taller than the room.
  follow(shown) {
    this.followed = shown;
    this.keepInView();
    clearTimeout(this.settling);
    this.settling = setTimeout(() => (this.followed = null), SETTLE);
  }

  keepInView() {
    if (!this.followed?.isConnected) return;
    const room = innerHeight - document.querySelector(".bottom").offsetHeight;
    if (this.followed.offsetHeight > room) this.followed.scrollIntoView({ block: "start" });
    else scrollTo(0, document.documentElement.scrollHeight);
  }
}
