// @ts-check
// The list of kept quotes: go to one, make a clip of it, take it off; tick several and export them together.

import { get, send } from "../ui/api.js";
import { announce, t } from "../ui/strings.js";
import { clock } from "../ui/durations.js";
import { all, around, copyOf, one } from "../ui/elements.js";

/**
 * @typedef {Object} Quote
 * @property {string} id
 * @property {number | null} first null where its words are lost
 * @property {number | null} last
 * @property {number | null} start
 * @property {string} text
 * @property {string | null} speaker
 * @property {string} fragment
 */

// Events: "clip" (detail: the quote) where a clip of one is wanted; "export" (detail: exports) where several are.
export class Kept extends EventTarget {
  #root;
  #rows;
  #url;
  #toast;
  /** @type {Quote[]} */
  #quotes = [];
  /** @type {Set<string | undefined>} */
  #ticked = new Set();

  /**
   * @param {HTMLElement} root
   * @param {string} episode
   * @param {import("../ui/toast.js").Toast} toast
   */
  constructor(root, episode, toast) {
    super();
    this.#root = root;
    this.#rows = one(root, ".rows");
    this.#url = `/api/episodes/${episode}/quotes`;
    this.#toast = toast;
    root.addEventListener("click", (event) => this.#clicked(event));
    root.addEventListener("change", () => this.#tally());
    one(root, "form").addEventListener("submit", (event) => this.#export(event));
    this.load();
  }

  async load() {
    try {
      this.#quotes = (await get(this.#url)).quotes;
      this.#render();
    } catch (error) {
      this.#toast.failed(error);
    }
  }

  /**
   * Keeps words; what was kept is ticked, for who keeps wants to do something with it.
   * @param {number} first
   * @param {number} last
   */
  async keep(first, last) {
    const { id } = await send("POST", this.#url, { first, last });
    this.#ticked.add(id);
    await this.load();
    return id;
  }

  #render() {
    this.#rows.replaceChildren(...this.#quotes.map((quote) => this.#row(quote)));
    one(this.#root, "[data-empty]").hidden = this.#quotes.length > 0;
    this.#tally();
  }

  /** @param {Quote} quote */
  #row(quote) {
    const row = copyOf(one(this.#root, "template", HTMLTemplateElement));
    /** @param {string} name */
    const part = (name) => one(row, `[data-part="${name}"]`);
    const lost = quote.first === null;
    row.dataset.id = quote.id;
    part("text").textContent = quote.text;
    part("text").id = `kept-${quote.id}`;
    part("speaker").textContent = quote.speaker ?? "";
    if (quote.start === null) part("at").remove();
    else part("at").textContent = clock(quote.start);
    part("lost").hidden = !lost;
    if (lost) part("text").removeAttribute("href");
    else part("text").setAttribute("href", quote.fragment);
    const box = one(row, "input", HTMLInputElement);
    box.setAttribute("aria-labelledby", part("text").id);
    box.disabled = lost || quote.start === null;
    box.checked = this.#ticked.has(quote.id) && !box.disabled;
    for (const button of all(row, "[data-do]")) button.setAttribute("aria-describedby", part("text").id);
    one(row, '[data-do="clip"]', HTMLButtonElement).disabled = box.disabled;
    return row;
  }

  /** @param {Event} event */
  #clicked(event) {
    const id = around(event, "[data-id]")?.dataset.id;
    const quote = this.#quotes.find((each) => each.id === id);
    const action = around(event, "[data-do]")?.dataset.do;
    if (!quote) return;
    if (action === "clip") this.dispatchEvent(new CustomEvent("clip", { detail: quote }));
    if (action === "remove") this.#remove(quote);
  }

  /** @param {Quote} quote */
  async #remove(quote) {
    try {
      await send("DELETE", `${this.#url}/${quote.id}`);
      const next = this.#quotes[this.#quotes.findIndex((each) => each.id === quote.id) + 1];
      await this.load();
      one(this.#root, next ? `[data-id="${next.id}"] button` : "h2").focus();
      this.#toast.show(t("kept.removed"), { undo: () => this.#restore(quote) });
    } catch (error) {
      this.#toast.failed(error);
    }
  }

  /** @param {Quote} quote */
  async #restore(quote) {
    try {
      await send("POST", `${this.#url}/${quote.id}/restore`);
      await this.load();
    } catch (error) {
      this.#toast.failed(error);
    }
  }

  #chosen() {
    const ids = all(this.#rows, "input:checked").map((box) => around(box, "[data-id]")?.dataset.id);
    return this.#quotes.filter((quote) => ids.includes(quote.id));
  }

  #outputs() { return all(this.#root, "form input:checked").map((box) => box.getAttribute("value")); }

  #tally() {
    this.#ticked = new Set(this.#chosen().map((quote) => quote.id));
    const form = one(this.#root, "form");
    form.hidden = this.#ticked.size === 0;
    const files = this.#ticked.size * this.#outputs().length;
    const button = one(form, "button", HTMLButtonElement);
    button.disabled = files === 0;
    button.textContent = files === 1 ? t("kept.export.one") : t("kept.export", { n: files });
  }

  /** @param {Event} event */
  #export(event) {
    event.preventDefault();
    // Of one quote one output is listened to, for they all sound the same.
    const exports = this.#chosen().flatMap(({ first, last }) =>
      this.#outputs().map((output, k) => ({ first, last, shape: output === "mp3" ? null : output, listen: k === 0 })),
    );
    if (!exports.length) return;
    announce(t("clips.started", { n: exports.length }));
    this.#ticked.clear();
    for (const box of this.#rows.querySelectorAll("input")) box.checked = false;
    this.#tally();
    this.dispatchEvent(new CustomEvent("export", { detail: exports }));
  }
}
