// The box below the thread: completion, history, a draft that outlives the page.

import { element } from "./thread.js";

const PAUSE = 70; // milliseconds without a key before suggestions are fetched
const DRAFT = "draft";

export class Box {
  // `complete(line)` gives whole lines that may follow; `submit(text)` is true once the text is safe elsewhere.
  constructor(form, { prefix, complete, submit, history }) {
    Object.assign(this, { form, prefix, complete, submit, history });
    this.line = form.querySelector("#line");
    this.list = form.querySelector("#suggestions");
    this.notice = form.querySelector("#notice");
    this.suggestions = [];
    this.chosen = -1;
    this.back = 0;
    this.asked = 0;
    this.line.value = read(DRAFT);
    this.grow();
    this.line.addEventListener("input", () => this.changed());
    this.line.addEventListener("keydown", (event) => this.key(event));
    this.line.addEventListener("blur", () => this.close());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
  }

  say(notice) {
    this.notice.textContent = notice;
  }

  set(text) {
    this.line.value = text;
    this.line.setSelectionRange(text.length, text.length);
    this.keep();
  }

  keep() {
    this.grow();
    write(DRAFT, this.line.value);
  }

  grow() {
    this.line.style.height = "auto";
    this.line.style.height = `${this.line.scrollHeight + this.line.offsetHeight - this.line.clientHeight}px`;
  }

  changed() {
    this.back = 0;
    this.keep();
    clearTimeout(this.pause);
    this.pause = setTimeout(() => this.suggest(), PAUSE);
  }

  // Each press of Enter is one post: the box is free at once, posts go out in turn, one that fails comes back.
  async send() {
    const text = this.line.value;
    if (!text.trim()) return;
    this.close();
    this.back = 0;
    this.set("");
    this.sent = (this.sent ?? Promise.resolve()).then(async () => {
      if (!(await this.submit(text))) this.set(this.line.value ? `${this.line.value}\n${text}` : text);
    });
    await this.sent;
  }

  key(event) {
    if (event.isComposing) return;
    const open = !this.list.hidden;
    const act = {
      Enter: () => !event.shiftKey && (open && this.chosen >= 0 ? this.take() : this.send()),
      Tab: () => open && !event.shiftKey && this.take(),
      Escape: () => open && this.close(),
      ArrowDown: () => (open ? this.move(1) : this.recall(-1)),
      ArrowUp: () => (open ? this.move(-1) : this.recall(1)),
    }[event.key];
    if (act && act() !== false && !(event.key === "Enter" && event.shiftKey)) event.preventDefault();
  }

  // What was posted before, from an empty box or while still leafing through it.
  recall(step) {
    const posted = this.history().reverse();
    const leafing = this.back > 0 && this.line.value === posted[this.back - 1];
    if (!leafing) this.back = 0;
    if (!leafing && (this.line.value || step < 0)) return false;
    this.back = Math.min(posted.length, Math.max(0, this.back + step));
    this.set(this.back ? posted[this.back - 1] : "");
    return true;
  }

  // The line that the caret ends: its first and last place in the text.
  current() {
    const { value, selectionStart, selectionEnd } = this.line;
    const start = value.lastIndexOf("\n", selectionStart - 1) + 1;
    const end = value.indexOf("\n", start);
    const stop = end < 0 ? value.length : end;
    return selectionStart === selectionEnd && selectionStart === stop ? [start, stop] : null;
  }

  async suggest() {
    const asked = ++this.asked;
    const place = this.current();
    const line = place ? this.line.value.slice(...place) : "";
    if (!line.startsWith(this.prefix)) return this.close();
    const found = await this.complete(line);
    // Only the newest question counts, and only while somebody is still here to read the answer.
    if (asked !== this.asked || document.activeElement !== this.line) return;
    this.show(found.filter((each) => each !== line.trimEnd()));
  }

  show(suggestions) {
    this.suggestions = suggestions;
    this.chosen = -1;
    this.list.replaceChildren(...suggestions.map((text, number) => this.option(text, number)));
    this.list.hidden = !suggestions.length;
    this.line.setAttribute("aria-expanded", String(!this.list.hidden));
    this.line.removeAttribute("aria-activedescendant");
    this.list.scrollTop = 0;
  }

  option(text, number) {
    const said = text.includes(" ") ? text.slice(text.indexOf(" ") + 1) : text;
    const option = element("li", { id: `suggestion-${number}`, textContent: said });
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.addEventListener("pointerdown", (event) => event.preventDefault());
    option.addEventListener("click", () => this.take(number));
    return option;
  }

  move(step) {
    const count = this.suggestions.length;
    this.list.children[this.chosen]?.setAttribute("aria-selected", "false");
    this.chosen = this.chosen < 0 && step < 0 ? count - 1 : (this.chosen + step + count) % count;
    const option = this.list.children[this.chosen];
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.line.setAttribute("aria-activedescendant", option.id);
  }

  take(number = Math.max(0, this.chosen)) {
    const text = this.suggestions[number];
    const place = this.current();
    this.close();
    if (!place || text === undefined) return;
    const more = text.includes(" ") ? "" : " "; // a command's name is seldom all of it
    this.line.setRangeText(text + more, ...place, "end");
    this.keep();
    if (more) this.suggest();
  }

  close() {
    this.asked++;
    clearTimeout(this.pause);
    if (!this.list.hidden) this.show([]);
  }
}

// Storage may be switched off; then there is no draft, and nothing else changes.
function read(name) {
  try {
    return localStorage.getItem(name) ?? "";
  } catch {
    return "";
  }
}

function write(name, text) {
  try {
    localStorage.setItem(name, text);
  } catch {
    // see above
  }
}
