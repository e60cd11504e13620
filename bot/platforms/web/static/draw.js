// A pad of 28×28 pixels to draw a digit on, and every kernel over it while it is drawn.

import { element } from "./thread.js";
import { paint, range, slide } from "./maps.js";

const SIDE = 28;
const REACH = 1.9; // from the pen's middle to where its ink ends, in pixels; the last one of them fades
const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

export class Pad {
  // `kernels()` fetches name and weights of each; `done(canvas, kernel)` takes the drawing, for a kernel or for later.
  constructor(dialog, opener, { kernels, done }) {
    Object.assign(this, { dialog, kernels, done });
    this.part = (id) => dialog.querySelector(`#${id}`);
    this.paper = this.part("paper");
    this.ink = new Uint8Array(SIDE * SIDE);
    this.pen = { row: 14, col: 14, down: false };
    this.from = null;
    this.maps = null;
    opener.addEventListener("click", () => this.open());
    this.part("pad-close").addEventListener("click", () => dialog.close());
    this.part("pad-clear").addEventListener("click", () => this.clear());
    this.part("pad-take").addEventListener("click", () => this.take(""));
    this.paper.addEventListener("pointerdown", (event) => this.press(event));
    this.paper.addEventListener("pointermove", (event) => this.from && this.lead(event));
    for (const end of ["pointerup", "pointercancel"]) this.paper.addEventListener(end, () => (this.from = null));
    this.paper.addEventListener("keydown", (event) => this.key(event));
  }

  async open() {
    this.dialog.showModal();
    this.paper.focus();
    this.show();
    this.maps ??= await this.list();
    this.show();
  }

  async list() {
    const kernels = await this.kernels();
    const maps = kernels.map(({ name, weights }) => {
      const canvas = element("canvas");
      const sums = element("small");
      canvas.setAttribute("aria-hidden", "true");
      const button = element("button", { type: "button", className: "map" }, canvas, element("span", { textContent: name }), sums);
      button.addEventListener("click", () => this.take(name));
      return { canvas, sums, weights, item: element("li", {}, button) };
    });
    this.part("maps").replaceChildren(...maps.map(({ item }) => item));
    return maps;
  }

  press(event) {
    event.preventDefault();
    this.paper.focus();
    this.paper.setPointerCapture(event.pointerId);
    this.from = this.place(event);
    this.lead(event);
  }

  lead(event) {
    const moves = event.getCoalescedEvents?.() ?? [];
    for (const each of moves.length ? moves : [event]) {
      const to = this.place(each);
      this.stroke(this.from, to);
      this.from = to;
    }
    this.show();
  }

  // Where the pointer is, in pixels of the drawing: column, row.
  place({ clientX, clientY }) {
    const box = this.paper.getBoundingClientRect();
    return [((clientX - box.left) / box.width) * SIDE, ((clientY - box.top) / box.height) * SIDE];
  }

  stroke([x0, y0], [x1, y1]) {
    const long = (x1 - x0) ** 2 + (y1 - y0) ** 2 || 1;
    for (let row = 0; row < SIDE; row++) {
      for (let col = 0; col < SIDE; col++) {
        const [x, y] = [col + 0.5 - x0, row + 0.5 - y0];
        const share = Math.min(1, Math.max(0, (x * (x1 - x0) + y * (y1 - y0)) / long));
        const away = Math.hypot(x - share * (x1 - x0), y - share * (y1 - y0));
        const ink = Math.round(255 * Math.min(1, Math.max(0, REACH - away)));
        this.ink[row * SIDE + col] = Math.max(this.ink[row * SIDE + col], ink);
      }
    }
  }

  key(event) {
    const move = MOVES[event.key];
    if (move) this.step(...move);
    else if (event.key === " " || event.key === "Enter") this.touch();
    else if (event.key === "Delete" || event.key === "Backspace") this.clear();
    else return;
    event.preventDefault();
    this.show();
  }

  step(down, right) {
    const before = [this.pen.col + 0.5, this.pen.row + 0.5];
    this.pen.row = Math.min(SIDE - 1, Math.max(0, this.pen.row + down));
    this.pen.col = Math.min(SIDE - 1, Math.max(0, this.pen.col + right));
    if (this.pen.down) this.stroke(before, [this.pen.col + 0.5, this.pen.row + 0.5]);
  }

  touch() {
    this.pen.down = !this.pen.down;
    if (this.pen.down) this.step(0, 0);
  }

  clear() {
    this.ink.fill(0);
    this.pen.down = false;
    this.show();
  }

  show() {
    const context = this.paper.getContext("2d");
    const image = context.createImageData(SIDE, SIDE);
    this.ink.forEach((ink, place) => image.data.set([255 - ink, 255 - ink, 255 - ink, 255], place * 4));
    context.putImageData(image, 0, 0);
    const nib = this.part("nib");
    nib.style.left = `${((this.pen.col + 0.5) / SIDE) * 100}%`;
    nib.style.top = `${((this.pen.row + 0.5) / SIDE) * 100}%`;
    nib.classList.toggle("down", this.pen.down);
    this.part("pen").textContent = `row ${this.pen.row}, column ${this.pen.col}, pen ${this.pen.down ? "down" : "up"}`;
    const blank = this.ink.every((ink) => !ink);
    this.part("pad-take").disabled = blank;
    for (const { canvas, sums, weights, item } of this.maps ?? []) {
      const output = slide(this.ink, SIDE, weights);
      paint(canvas, output);
      sums.textContent = blank ? "" : range(output);
      item.firstElementChild.disabled = blank;
    }
  }

  take(kernel) {
    this.dialog.close();
    this.done(this.paper, kernel);
  }
}
