// @ts-check
// Saved quotes: their list, to play, export, remove or make clips of, and their marks in the text, an underline with a flag
// that leads to the list. The server renders the rows. A quote whose words are gone keeps its text and offers the nearest
// passage.

import { get, send } from "../ui/api.js";
import { all, around, byId, detailOf, one, rendered } from "../ui/elements.js";
import { showRows } from "../ui/rows.js";
import { announce, t } from "../ui/strings.js";

const LONGEST = 80; // characters of a quote in its flag's label
const STEP = 14; // pixels between flags of one word

// Events: "play" and "clip" (detail: {first, last}), and "export" (detail: exports).
export class SavedQuotes extends EventTarget {
  #root = byId("saved-quotes");
  #rows = one(this.#root, ".rows");
  #url;
  #transcript;
  #toast;
  /** @type {SavedQuote[]} */
  #quotes = [];
  /** @type {Set<string>} */
  #ticked = new Set();

  /** @param {import("./reading.js").Reading} reading */
  constructor({ data, transcript, toast, openSheet }) {
    super();
    this.#url = `/api/episodes/${data.id}/quotes`;
    this.#transcript = transcript;
    this.#toast = toast;
    const root = this.#root;
    root.addEventListener("click", (event) => this.#clicked(event));
    root.addEventListener("change", () => this.#tally());
    one(root, "form").addEventListener("submit", (event) => this.#export(event));
    transcript.addEventListener("patched", (event) => {
      const { removed, inserted } = detailOf(event);
      if (removed === inserted) this.#mark(); // else the list is loaded again
    });
    transcript.root.addEventListener("click", (event) => {
      const flag = around(event, ".flag");
      if (!flag) return;
      event.stopPropagation(); // not a click on the word
      openSheet("quotes-pane");
      this.#show(flag.dataset.id ?? "");
    }, { capture: true });
    this.load();
  }

  /** Load the list and show it. */
  load() {
    return this.#toast.attempt(async () => {
      const { quotes } = await get(this.#url);
      this.#quotes = quotes;
      showRows(this.#rows, this.#quotes, (quote) => this.#row(quote), one(this.#root, "h2"));
      one(this.#root, "[data-empty]").hidden = quotes.length > 0;
      this.#tally();
      this.#mark();
    });
  }

  /** Save words as a quote, and tick it, since it is likely to be exported next. @param {Selected} words */
  async save({ first, last }) {
    const { id } = await send("POST", this.#url, { first, last });
    this.#ticked.add(id);
    await this.load();
  }

  /** @param {SavedQuote} quote */
  #row({ id, row }) {
    const [element] = rendered(row), box = element.querySelector("input"); // a reader has none
    if (box) box.checked = this.#ticked.has(id) && !box.disabled;
    return element;
  }

  /** Scroll the list to a quote. @param {string} id */
  #show(id) {
    const row = one(this.#rows, `[data-id="${id}"]`);
    row.scrollIntoView({ block: "nearest" });
    one(row, "a.saying").focus({ preventScroll: true });
  }

  #mark() {
    for (const flag of all(this.#transcript.root, ".flag")) flag.remove();
    this.#transcript.highlight("saved", this.#placed);
    for (const { id, last, text } of this.#placed) {
      const word = this.#transcript.word(last - 1), flag = document.createElement("button");
      Object.assign(flag, { type: "button", className: "flag", tabIndex: -1 });
      flag.dataset.id = id;
      flag.title = t("kept.mark", { text: text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text });
      flag.setAttribute("aria-label", flag.title);
      flag.style.setProperty("--moved", `${STEP * all(word, ".flag").length}px`);
      word.append(flag);
    }
  }

  get #placed() {
    return this.#quotes.flatMap(({ id, first, last, text }) => (first === null || last === null ? [] : [{ id, first, last, text }]));
  }

  /** @param {Event} event */
  async #clicked(event) {
    const id = around(event, "[data-id]")?.dataset.id, quote = this.#quotes.find((each) => each.id === id);
    const action = around(event, "[data-do]")?.dataset.do;
    if (!quote || !action) return;
    if (action === "remove") return this.#change(() => this.#remove(quote.id));
    if (action === "take") return this.#change(() => this.#take(quote.id));
    this.dispatchEvent(new CustomEvent(action, { detail: quote }));
  }

  /** Change the list, and load it again after an error, since a quote may have been removed elsewhere. @param {() => Promise<void>} work */
  async #change(work) {
    try {
      await work();
    } catch (error) {
      this.#toast.failed(error);
      await this.load();
    }
  }

  /** @param {string} id */
  async #remove(id) {
    const next = this.#quotes[this.#quotes.findIndex((each) => each.id === id) + 1];
    await send("DELETE", `${this.#url}/${id}`);
    await this.load();
    one(this.#root, next ? `[data-id="${next.id}"] button` : "h2").focus();
    this.#toast.show(t("kept.removed"), { undo: () => this.#change(() => this.#restore(id)) });
  }

  /** @param {string} id of a quote whose words are lost */
  async #take(id) {
    const taken = await send("POST", `${this.#url}/${id}/nearest`);
    await this.load();
    one(this.#root, `[data-id="${taken.id}"] [data-do="remove"]`).focus();
    this.#toast.show(t("kept.taken"), { undo: () => this.#change(() => this.#restore(id, taken.new ? taken.id : null)) });
  }

  /** @param {string} id @param {string | null} [instead] the quote saved in its place */
  async #restore(id, instead = null) {
    await send("POST", `${this.#url}/${id}/restore`);
    if (instead) await send("DELETE", `${this.#url}/${instead}`);
    await this.load();
    one(this.#root, `[data-id="${id}"] [data-do="remove"]`).focus();
  }

  #outputs() { return all(this.#root, "form input:checked").map((box) => box.getAttribute("value")); }

  #tally() {
    this.#ticked = new Set(all(this.#rows, "input:checked").map((box) => around(box, "[data-id]")?.dataset.id ?? ""));
    const form = one(this.#root, "form"), files = this.#ticked.size * this.#outputs().length;
    form.hidden = this.#ticked.size === 0;
    const button = one(form, "button", HTMLButtonElement);
    button.disabled = files === 0;
    button.textContent = files === 1 ? t("kept.export.one") : t("kept.export", { n: files });
  }

  /** @param {Event} event */
  #export(event) {
    event.preventDefault();
    // Only one output of each quote is checked against the text: all have the same audio.
    const exports = this.#quotes.filter(({ id }) => this.#ticked.has(id)).flatMap(({ first, last }) =>
      this.#outputs().map((output, k) => ({ first, last, shape: output === "mp3" ? null : output, listen: k === 0 })),
    );
    if (!exports.length) return;
    announce(t("clips.started", { n: exports.length }));
    for (const box of this.#rows.querySelectorAll("input")) box.checked = false;
    this.#tally();
    this.dispatchEvent(new CustomEvent("export", { detail: exports }));
  }
}
