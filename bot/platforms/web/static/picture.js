// What goes out with the post that is being written, dropped on the page, pasted, chosen, or drawn: a picture, or a
// file of questions.
//
// A picture is drawn anew and goes out as a PNG: where and with what it was taken stays behind.

const SIDE = 896; // four times what kernels are slid over; a larger one is made smaller here
const LARGEST = 3 * 1024 * 1024;
const QUESTIONS = [".ipynb", ".md", ".csv", ".txt", ".zip"];
const LARGEST_FILE = 20_000_000;
const NONE =
  "I read pictures as PNG, JPEG, WebP or GIF, and questions from .ipynb, .md, .csv, .txt or .zip: this is none, or is damaged.";

export class Picture {
  // `say(notice)` tells the writer something; `came()` is called when one was brought.
  constructor(form, { say, came }) {
    Object.assign(this, { say, came, png: "", questions: null });
    this.shown = form.querySelector("#brought");
    this.thumbnail = form.querySelector("#thumbnail");
    this.about = form.querySelector("#about");
    this.file = form.querySelector("#file");
    form.querySelector("#choose").addEventListener("click", () => this.file.click());
    this.without = form.querySelector("#without");
    this.without.addEventListener("click", () => {
      this.drop();
      form.querySelector("#line").focus();
    });
    this.file.addEventListener("change", () => {
      if (this.file.files.length) this.read(this.file.files[0]);
      this.file.value = ""; // the same file may be chosen again
    });
    form.querySelector("#line").addEventListener("paste", (event) => this.pasted(event));
    this.watch(document.body);
  }

  // Whatever is dropped anywhere is meant for the post; the browser would leave the page for it.
  watch(body) {
    body.addEventListener("dragover", (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      body.classList.add("dropping");
    });
    body.addEventListener("dragleave", (event) => event.relatedTarget ?? body.classList.remove("dropping"));
    body.addEventListener("drop", (event) => {
      body.classList.remove("dropping");
      if (!event.dataTransfer?.files.length) return;
      event.preventDefault();
      this.read(event.dataTransfer.files[0]);
    });
  }

  pasted(event) {
    const [file] = event.clipboardData?.files ?? [];
    if (!file) return; // text, as ever
    event.preventDefault();
    this.read(file);
  }

  async read(file) {
    try {
      if (QUESTIONS.some((ending) => file.name.toLowerCase().endsWith(ending))) return await this.bring(file);
      const bitmap = await createImageBitmap(file);
      const scale = Math.min(1, SIDE / Math.max(bitmap.width, bitmap.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.max(1, Math.round(bitmap.width * scale));
      canvas.height = Math.max(1, Math.round(bitmap.height * scale));
      canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
      if (await this.take(canvas, file.name)) this.came();
    } catch {
      this.say(NONE);
    }
  }

  // A file of questions goes as it is.
  async bring(file) {
    if (file.size > LARGEST_FILE) return this.say("A file has at most 20 MB.");
    this.png = "";
    this.questions = { name: file.name, data: await base64(file) };
    this.show(`${file.name}, ${Math.max(1, Math.round(file.size / 1000)).toLocaleString("en")} kB`, "Remove the file");
    this.came();
  }

  // What stands on a canvas becomes the picture; whether it could.
  async take(canvas, name) {
    const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
    if (!blob || blob.size > LARGEST) {
      this.say("This picture has more in it than I can take: a smaller one will do.");
      return false;
    }
    this.png = await base64(blob);
    this.questions = null;
    this.thumbnail.width = canvas.width;
    this.thumbnail.height = canvas.height;
    this.thumbnail.getContext("2d").drawImage(canvas, 0, 0);
    this.show(`${name || "a picture"}, ${canvas.height}×${canvas.width}`, "Remove the picture");
    return true;
  }

  show(about, remove) {
    this.about.textContent = about;
    this.without.setAttribute("aria-label", remove);
    this.thumbnail.hidden = !this.png;
    this.shown.hidden = false;
    this.say("");
  }

  drop() {
    this.png = "";
    this.questions = null;
    this.shown.hidden = true;
  }
}

function base64(blob) {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => done(reader.result.slice(reader.result.indexOf(",") + 1)));
    reader.addEventListener("error", failed);
    reader.readAsDataURL(blob);
  });
}
