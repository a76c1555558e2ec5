// @ts-check
// Speech that the text lacks: what it is, said by a reader. It is put into the text as a paragraph, of the words that
// were heard or others; or it is an advert, a jingle, or needs no text, and is not asked about again.

import { get } from "../ui/api.js";
import { clock } from "../ui/durations.js";
import { all, around, byId, detailOf, one } from "../ui/elements.js";
import { t } from "../ui/strings.js";
import { knownName } from "./paragraphs.js";

/** @typedef {{words: Words, printed: string | null}} Instead words in the place of which it is put in, and their text */

const NO_BREAK = /[\u00a0\u202f]/g;

/**
 * @param {import("./reading.js").Reading} reading
 * @param {import("./changes.js").Changes} changes
 */
export function useLacking(reading, changes) {
  if (!changes.editable) return;
  const dialog = new LackingDialog(reading, changes);
  const offer = () => {
    for (const passage of all(document, "#transcript .missing")) offerAfter(passage, () => dialog.open(passage));
  };
  offer();
  reading.transcript.addEventListener("patched", offer);
  reading.transcript.root.addEventListener("asked", (event) => {
    const passage = around(event, ".missing");
    if (passage) dialog.open(passage, detailOf(event));
  });
  reading.transcript.root.addEventListener("keydown", (event) => {
    const passage = around(event, ".missing");
    if (!passage || event.key.toLowerCase() !== "e" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!byId("keys-on", HTMLInputElement).checked) return;
    event.preventDefault();
    event.stopPropagation();
    dialog.open(passage);
  }, true);
}

/**
 * A button below a passage, once.
 * @param {HTMLElement} passage
 * @param {() => void} open
 */
function offerAfter(passage, open) {
  const next = passage.nextElementSibling;
  const last = next?.classList.contains("unfold") ? next : passage;
  if (last.nextElementSibling?.classList.contains("what-is-it")) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet what-is-it";
  button.textContent = t("lacking.ask");
  const { from, to } = passage.dataset;
  button.setAttribute("aria-label", t("lacking.ask.named", { from: clock(Number(from)), to: clock(Number(to)) }));
  button.addEventListener("click", open);
  last.after(button);
}

class LackingDialog {
  #reading;
  #changes;
  #dialog = byId("lacking", HTMLDialogElement);
  #text = byId("lacking-text", HTMLTextAreaElement);
  #speaker = byId("lacking-speaker", HTMLInputElement);
  #guessed = byId("lacking-guessed");
  #start = 0;
  #end = 0;
  /** @type {Instead | null} */
  #instead = null;

  /**
   * @param {import("./reading.js").Reading} reading
   * @param {import("./changes.js").Changes} changes
   */
  constructor(reading, changes) {
    this.#reading = reading;
    this.#changes = changes;
    const form = one(this.#dialog, "form", HTMLFormElement);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#text.setCustomValidity(/[\p{L}\p{N}]/u.test(this.#text.value) ? "" : t("lacking.empty"));
      if (this.#text.reportValidity()) this.#correct({ ...this.#place, text: this.#text.value }, "put");
    });
    for (const button of all(form, "[data-as]")) {
      const as = button.dataset.as ?? "";
      button.addEventListener("click", () => this.#correct({ kind: "settle", as }, as));
    }
    one(form, "[data-do=again]").addEventListener("click", () => this.#correct({ kind: "unsettle" }, "again"));
    one(form, "[data-do=cancel]").addEventListener("click", () => this.#dialog.close());
    one(form, "[data-do=play]").addEventListener("click", () => reading.player.playSpan(this.#start, this.#end));
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      form.requestSubmit();
    });
    this.#text.addEventListener("input", () => this.#text.setCustomValidity(""));
    this.#speaker.addEventListener("input", () => { this.#guessed.hidden = true; });
    this.#speaker.addEventListener("keydown", (event) => {
      const name = knownName(this.#speaker.value, this.#names);
      if (event.key !== "Enter" || name === this.#speaker.value) return;
      event.preventDefault(); // a name that was only begun makes no new speaker
      this.#speaker.value = name;
    });
    this.#dialog.addEventListener("close", () => reading.player.pause());
  }

  get #names() { return [...new Set(this.#reading.data.turns.flatMap(([, , speaker]) => speaker ?? []))]; }

  // Where what is written goes.
  get #place() {
    if (!this.#instead) return { kind: "insert", speaker: this.#speaker.value.trim() || null };
    const [first, stop] = this.#instead.words;
    return { kind: "instead", first, stop };
  }

  /**
   * @param {HTMLElement} passage
   * @param {Instead | null} [instead]
   */
  open(passage, instead = null) {
    this.#instead = instead;
    one(this.#dialog, "[data-part=speaker]").hidden = instead !== null;
    one(this.#dialog, "[data-part=instead-line]").hidden = instead === null;
    one(this.#dialog, "[data-part=instead]").textContent = instead?.printed ?? "";
    const { from, to, heard, settled } = passage.dataset;
    this.#start = Number(from);
    this.#end = Number(to);
    one(this.#dialog, "[data-part=when]").textContent = `${clock(this.#start)}–${clock(this.#end)}`;
    this.#text.value = (heard ?? "").replace(NO_BREAK, " "); // which the page has, not the text
    this.#text.lang = this.#reading.data.language;
    this.#speaker.value = "";
    this.#guessed.hidden = true;
    one(this.#dialog, "[data-do=again]").hidden = !settled;
    for (const button of all(this.#dialog, "[data-as]")) button.hidden = button.dataset.as === settled;
    byId("lacking-speakers").replaceChildren(...this.#names.map((name) => new Option(name, name)));
    this.#dialog.showModal();
    if (!instead) this.#guess();
  }

  // The name of who is heard, where that is sure, or who speaks around it; unless the reader has begun to write one.
  async #guess() {
    const start = this.#start, query = new URLSearchParams({ from: String(start), to: String(this.#end) });
    const told = await get(`/api/episodes/${this.#reading.data.id}/voice?${query}`).catch(() => null);
    if (!told?.speaker || !this.#dialog.open || this.#start !== start || this.#speaker.value) return;
    this.#speaker.value = told.speaker;
    this.#guessed.textContent = t(`lacking.guessed.${told.by}`);
    this.#guessed.hidden = false;
  }

  /**
   * @param {{kind: string} & Record<string, unknown>} correction
   * @param {string} said what is told of it when it is done
   */
  async #correct(correction, said) {
    this.#dialog.close();
    const made = await this.#changes.correct({ ...correction, start: this.#start, end: this.#end });
    if (!made) return this.#dialog.showModal(); // what was written is still in it
    this.#changes.tell(made, t(`lacking.done.${said}`));
    if (said === "put") this.#reading.transcript.reveal(this.#firstPut);
  }

  // The first word of what was put in.
  get #firstPut() {
    const from = Math.round(this.#start * 1000);
    return this.#reading.data.starts.findIndex((start) => start !== null && start >= from);
  }
}
