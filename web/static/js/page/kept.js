// @ts-check
// The list of kept quotes: go to one, make a clip of it, take it off; tick several and export them together. One that
// the transcript no longer has keeps its text, and offers the passage that is most like it. What was done to the list
// elsewhere is seen when the reader comes back to the page.

import { GoneError, get, look, send } from "../ui/api.js";
import { announce, t } from "../ui/strings.js";
import { clock } from "../ui/durations.js";
import { all, around, copyOf, one } from "../ui/elements.js";
import { showRows } from "../ui/rows.js";

/**
 * @typedef {Object} Quote
 * @property {string} id
 * @property {number | null} first null where its words are lost
 * @property {number | null} last
 * @property {number | null} start
 * @property {string} text
 * @property {string | null} speaker
 * @property {string | null} fragment leads to its words, or where they are lost to their moment
 * @property {string | null} was its text as it was kept, where the words are others now
 * @property {string | null} kind what its words are, where nobody says them any more
 * @property {string | null} lost what became of its words, where they are lost
 * @property {Passage | null} nearest to one whose words are lost
 */

/**
 * @typedef {Object} Passage
 * @property {number | null} start
 * @property {string} text
 * @property {string | null} speaker
 * @property {string} fragment
 */

// Events: "change" when the list is another; "play" and "clip" (detail: the quote) where one is to be heard, or a clip of it made; "export" (detail: exports) where several are.
export class Kept extends EventTarget {
  #rows;
  #url;
  #toast;
  /** @type {Quote[]} */
  quotes = [];
  /** @type {Set<string | undefined>} */
  #ticked = new Set();
  #loads = 0;

  /**
   * @param {HTMLElement} root
   * @param {string} episode
   * @param {import("../ui/toast.js").Toast} toast
   */
  constructor(root, episode, toast) {
    super();
    this.root = root;
    this.#rows = one(root, ".rows");
    this.#url = `/api/episodes/${episode}/quotes`;
    this.#toast = toast;
    root.addEventListener("click", (event) => this.#clicked(event));
    root.addEventListener("change", () => this.#tally());
    one(root, "form").addEventListener("submit", (event) => this.#export(event));
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.#refresh().catch(() => {}); });
    this.load();
  }

  async load() {
    this.#loads++;
    try {
      this.quotes = await this.#read(get);
      this.#render();
    } catch (error) {
      this.#toast.failed(error);
    }
  }

  /**
   * The page's words have other numbers from `at` on, where `drop` of them gave way to `put`: a quote of some of those
   * has no place until the list is asked for again.
   * @param {{at: number, drop: number, put: number}} change
   */
  move({ at, drop, put }) {
    if (drop === put) return;
    this.quotes = this.quotes.map((quote) => ({ ...quote, ...placeAfter(quote, at, drop, put - drop) }));
  }

  // For what was kept or taken off elsewhere; what the reader does here meanwhile is newer.
  async #refresh() {
    const loads = this.#loads;
    const quotes = await this.#read(look);
    if (loads !== this.#loads || JSON.stringify(quotes) === JSON.stringify(this.quotes)) return;
    this.quotes = quotes;
    this.#render();
  }

  /**
   * The list as it is now, which comes in pieces where it is long.
   * @param {(url: string) => Promise<{quotes: Quote[], following: number | null}>} ask
   */
  async #read(ask) {
    const quotes = [];
    for (let from = /** @type {number | null} */ (0); from !== null;) {
      const piece = await ask(`${this.#url}?from=${from}`);
      quotes.push(...piece.quotes);
      from = piece.following;
    }
    return quotes;
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
    showRows(this.#rows, this.quotes, (quote) => this.#row(quote), one(this.root, "h2"));
    one(this.root, "[data-empty]").hidden = this.quotes.length > 0;
    this.#tally();
    this.dispatchEvent(new Event("change"));
  }

  /**
   * Leads to a quote of the list.
   * @param {string} id
   */
  show(id) {
    const row = one(this.#rows, `[data-id="${id}"]`);
    row.scrollIntoView({ block: "nearest" });
    one(row, "a.saying").focus({ preventScroll: true });
  }

  /** @param {Quote} quote */
  #row(quote) {
    const row = copyOf(one(this.root, "template", HTMLTemplateElement));
    /** @param {string} name */
    const part = (name) => one(row, `[data-part="${name}"]`);
    const lost = quote.first === null;
    part("text").textContent = quote.text;
    part("text").id = `kept-${quote.id}`;
    part("speaker").textContent = quote.speaker ?? "";
    if (quote.start === null) part("at").remove();
    else part("at").textContent = clock(quote.start);
    part("changed").hidden = !quote.was;
    part("was").textContent = quote.was ?? "";
    part("unsaid").hidden = !quote.kind;
    if (quote.kind) part("unsaid").textContent = t(`kept.unsaid.${quote.kind}`);
    if (quote.nearest) this.#suggest(part, quote.nearest);
    if (lost) this.#lose(row, part, quote);
    else part("text").setAttribute("href", quote.fragment ?? "");
    const box = one(row, "input", HTMLInputElement);
    box.setAttribute("aria-labelledby", part("text").id);
    box.disabled = lost || quote.start === null;
    box.checked = this.#ticked.has(quote.id) && !box.disabled;
    nameAfter(all(row, "[data-do]"), part("text"));
    const needSound = [box, ...["play", "clip"].map((action) => one(row, `[data-do="${action}"]`, HTMLButtonElement))];
    for (const each of box.disabled ? needSound : []) {
      each.disabled = true;
      each.title = lost ? part("lost").textContent ?? "" : t("caution.not-said", { detail: "" });
    }
    return row;
  }

  /**
   * What became of a quote's words, and the way to their moment.
   * @param {HTMLElement} row
   * @param {(name: string) => HTMLElement} part
   * @param {Quote} quote
   */
  #lose(row, part, quote) {
    one(row, ".lost").hidden = false;
    part("lost").textContent = t(`kept.lost.${quote.lost ?? "text"}`);
    part("text").removeAttribute("href");
    part("moment").hidden = !quote.fragment;
    if (quote.fragment) part("moment").setAttribute("href", quote.fragment);
  }

  /**
   * @param {(name: string) => HTMLElement} part
   * @param {Passage} nearest
   */
  #suggest(part, nearest) {
    part("nearest").hidden = false;
    part("nearest-text").textContent = nearest.text;
    part("nearest-text").setAttribute("href", nearest.fragment);
    part("nearest-speaker").textContent = nearest.speaker ?? "";
    part("nearest-at").textContent = nearest.start === null ? "" : clock(nearest.start);
  }

  /** @param {Event} event */
  #clicked(event) {
    const id = around(event, "[data-id]")?.dataset.id;
    const quote = this.quotes.find((each) => each.id === id);
    const action = around(event, "[data-do]")?.dataset.do;
    if (!quote) return;
    if (action === "play" || action === "clip") this.dispatchEvent(new CustomEvent(action, { detail: quote }));
    if (action === "remove") this.#remove(quote);
    if (action === "take") this.#take(quote);
  }

  /**
   * Says why something was not done. What is gone was taken off elsewhere: the list is asked for again.
   * @param {unknown} error
   */
  async #failed(error) {
    this.#toast.failed(error);
    if (error instanceof GoneError) await this.load();
  }

  /** @param {Quote} quote */
  async #take(quote) {
    try {
      const taken = await send("POST", `${this.#url}/${quote.id}/nearest`);
      await this.load();
      one(this.root, `[data-id="${taken.id}"] [data-do="remove"]`).focus();
      this.#toast.show(t("kept.taken"), { undo: () => this.#restore(quote, taken.new ? taken.id : null) });
    } catch (error) {
      await this.#failed(error);
    }
  }

  /** @param {Quote} quote */
  async #remove(quote) {
    try {
      await send("DELETE", `${this.#url}/${quote.id}`);
      const next = this.quotes[this.quotes.findIndex((each) => each.id === quote.id) + 1];
      await this.load();
      one(this.root, next ? `[data-id="${next.id}"] button` : "h2").focus();
      this.#toast.show(t("kept.removed"), { undo: () => this.#restore(quote) });
    } catch (error) {
      await this.#failed(error);
    }
  }

  /**
   * Brings back a quote that was taken off, and takes off what was kept in its stead.
   * @param {Quote} quote
   * @param {string | null} [instead]
   */
  async #restore(quote, instead = null) {
    try {
      await send("POST", `${this.#url}/${quote.id}/restore`);
      if (instead) await send("DELETE", `${this.#url}/${instead}`);
      await this.load();
      one(this.root, `[data-id="${quote.id}"] [data-do="remove"]`).focus();
    } catch (error) {
      await this.#failed(error);
    }
  }

  #chosen() {
    const ids = all(this.#rows, "input:checked").map((box) => around(box, "[data-id]")?.dataset.id);
    return this.quotes.filter((quote) => ids.includes(quote.id));
  }

  #outputs() { return all(this.root, "form input:checked").map((box) => box.getAttribute("value")); }

  #tally() {
    this.#ticked = new Set(this.#chosen().map((quote) => quote.id));
    const form = one(this.root, "form");
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

/**
 * @param {Pick<Quote, "first" | "last">} quote
 * @param {number} at
 * @param {number} drop
 * @param {number} by
 */
function placeAfter({ first, last }, at, drop, by) {
  if (first === null || last === null || last <= at) return { first, last };
  return first >= at + drop ? { first: first + by, last: last + by } : { first: null, last: null };
}

/**
 * Names the controls of a row after what they do and what they do it to, so that none has the name of another row's.
 * @param {HTMLElement[]} controls
 * @param {...HTMLElement} told what it is, in elements that have ids
 */
function nameAfter(controls, ...told) {
  const ids = told.map((each) => each.id);
  controls.forEach((control, k) => {
    control.id ||= `${ids[0]}-${k}`;
    control.setAttribute("aria-labelledby", [control.id, ...ids].join(" "));
  });
}
