// The list of kept quotes: go to one, make a clip of it, take it off; tick several and export them together.

import { get, send } from "../ui/api.js";
import { announce, t } from "../ui/strings.js";
import { clock } from "../ui/durations.js";

// Events: "clip" (detail: the quote) where a clip of one is wanted; "export" (detail: exports) where several are.
export class Kept extends EventTarget {
  #root;
  #rows;
  #url;
  #toast;
  #quotes = [];
  #ticked = new Set();

  constructor(root, episode, toast) {
    super();
    this.#root = root;
    this.#rows = root.querySelector(".rows");
    this.#url = `/api/episodes/${episode}/quotes`;
    this.#toast = toast;
    root.addEventListener("click", (event) => this.#clicked(event));
    root.addEventListener("change", () => this.#tally());
    root.querySelector("form").addEventListener("submit", (event) => this.#export(event));
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

  // Keeps words; what was kept is ticked, for who keeps wants to do something with it.
  async keep(first, last) {
    const { id } = await send("POST", this.#url, { first, last });
    this.#ticked.add(id);
    await this.load();
    return id;
  }

  #render() {
    this.#rows.replaceChildren(...this.#quotes.map((quote) => this.#row(quote)));
    this.#root.querySelector("[data-empty]").hidden = this.#quotes.length > 0;
    this.#tally();
  }

  #row(quote) {
    const row = this.#root.querySelector("template").content.firstElementChild.cloneNode(true);
    const part = (name) => row.querySelector(`[data-part="${name}"]`);
    const lost = quote.first === null;
    row.dataset.id = quote.id;
    part("text").textContent = quote.text;
    part("text").id = `kept-${quote.id}`;
    part("speaker").textContent = quote.speaker ?? "";
    if (quote.start === null) part("at").remove();
    else part("at").textContent = clock(quote.start);
    part("lost").hidden = !lost;
    if (lost) part("text").removeAttribute("href");
    else part("text").href = quote.fragment;
    const box = row.querySelector("input");
    box.setAttribute("aria-labelledby", part("text").id);
    box.disabled = lost || quote.start === null;
    box.checked = this.#ticked.has(quote.id) && !box.disabled;
    for (const button of row.querySelectorAll("[data-do]")) button.setAttribute("aria-describedby", part("text").id);
    row.querySelector('[data-do="clip"]').disabled = box.disabled;
    return row;
  }

  #clicked(event) {
    const id = event.target.closest("[data-id]")?.dataset.id;
    const quote = this.#quotes.find((each) => each.id === id);
    const action = event.target.closest("[data-do]")?.dataset.do;
    if (!quote) return;
    if (action === "clip") this.dispatchEvent(new CustomEvent("clip", { detail: quote }));
    if (action === "remove") this.#remove(quote);
  }

  async #remove(quote) {
    try {
      await send("DELETE", `${this.#url}/${quote.id}`);
      const next = this.#rows.querySelector(`[data-id="${quote.id}"]`)?.nextElementSibling;
      await this.load();
      (this.#rows.querySelector(`[data-id="${next?.dataset.id}"] button`) ?? this.#root.querySelector("h2")).focus();
      this.#toast.show(t("kept.removed"), { undo: () => this.#restore(quote) });
    } catch (error) {
      this.#toast.failed(error);
    }
  }

  async #restore(quote) {
    try {
      await send("POST", `${this.#url}/${quote.id}/restore`);
      await this.load();
    } catch (error) {
      this.#toast.failed(error);
    }
  }

  #chosen() {
    const ids = [...this.#rows.querySelectorAll("input:checked")].map((box) => box.closest("[data-id]").dataset.id);
    return this.#quotes.filter((quote) => ids.includes(quote.id));
  }

  #outputs() { return [...this.#root.querySelectorAll("form input:checked")].map((box) => box.value); }

  #tally() {
    this.#ticked = new Set(this.#chosen().map((quote) => quote.id));
    const form = this.#root.querySelector("form");
    form.hidden = this.#ticked.size === 0;
    const files = this.#ticked.size * this.#outputs().length;
    const button = form.querySelector("button");
    button.disabled = files === 0;
    button.textContent = files === 1 ? t("kept.export.one") : t("kept.export", { n: files });
  }

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
