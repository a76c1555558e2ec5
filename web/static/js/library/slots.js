// @ts-check
// The places for files on a page: each shows what was given, how far it has come, and what is wrong with it.

import { LostError, answering } from "../ui/connection.js";
import { clock } from "../ui/durations.js";
import { all, one } from "../ui/elements.js";
import { announce, messageOf, t } from "../ui/strings.js";
import { sizeOf } from "./upload.js";

/** @typedef {import("./upload.js").Uploads} Uploads */
/** @typedef {{answer: Received, bytes: number}} Arrived a file: what the server said of it, and its size */

const SOUNDS = /\.(mp3|m4a|m4b|mp4|aac|wav|flac|og[ga]|opus|webm|mk[av]|mov|avi|wma|aiff?|mpga)$/i;
const PICTURES = /\.(jpe?g|png|webp)$/i;
const ENDING = /\.[^. ]+$/; // a file without one is looked into
const WORD = /\.docx$/i;
const TEXTS = /\.(txt|text|md|markdown|docx|x?html?|json|srt|vtt)$/i;

/**
 * Which place a file belongs to, by its name and what the system takes it for; null if to none.
 * @param {{name: string, type: string}} file
 * @returns {FileKind | null}
 */
export function kindOf(file) {
  if (SOUNDS.test(file.name) || /^(audio|video)\//.test(file.type)) return "audio";
  if (PICTURES.test(file.name)) return "cover";
  const isText = TEXTS.test(file.name) || file.type.startsWith("text/") || !(ENDING.test(file.name) || file.type);
  return isText ? "transcript" : null;
}

/**
 * The slots of a form, by kind.
 * @param {HTMLFormElement} form
 * @param {Uploads} uploads
 * @returns {Record<string, Slot>}
 */
export function slotsOf(form, uploads) {
  const slots = all(form, ".slot").map((element) => {
    const kind = /** @type {FileKind} */ (element.dataset.kind);
    const largest = Number(form.dataset[`largest${kind[0].toUpperCase()}${kind.slice(1)}`]);
    const word = Number(form.dataset.largestWord);
    return new Slot(element, kind, uploads, (name) => (kind === "transcript" && WORD.test(name) ? word : largest));
  });
  return Object.fromEntries(slots.map((slot) => [slot.kind, slot]));
}

// A slot; fires "arrived" with the server's answer, "began", "failed", and "emptied" where what was there is to go.
export class Slot extends EventTarget {
  #element;
  #uploads;
  #largest;
  #hint;
  /** @type {"empty" | "sending" | "there" | "bad" | "without"} the last where what was there before the page is to go */
  state = "empty";
  /** @type {Arrived | null} */
  #arrived = null;
  /** @type {File | null} what was given last, until it is sent once more by itself */
  #given = null;
  /** @type {Promise<void> | null} settled when what was given has arrived, or has not */
  sent = null;

  /**
   * @param {HTMLElement} element
   * @param {FileKind} kind
   * @param {Uploads} uploads
   * @param {(name: string) => number} largest bytes that a file of that name may have
   */
  constructor(element, kind, uploads, largest) {
    super();
    this.#element = element;
    this.#uploads = uploads;
    this.#largest = largest;
    this.kind = kind;
    this.#hint = this.#part("[data-hint]").textContent;
    const input = one(element, 'input[type="file"]', HTMLInputElement);
    input.addEventListener("change", () => {
      if (input.files?.length) this.take(input.files[0]);
      input.value = "";
    });
    if (kind === "transcript") this.#usePasting();
    if (kind === "cover") this.#part(".without").addEventListener("click", () => this.#empty());
  }

  // What is wrong with what was given; empty if nothing is.
  get problem() { return this.#part(".problem").textContent ?? ""; }

  /**
   * Sends a file in the place of what was there.
   * @param {File} file
   */
  take(file) {
    this.#given = file;
    this.sent = this.#send(file);
  }

  /** @param {File} file */
  #sendAgain(file) {
    this.#given = null;
    this.sent = this.#send(file);
  }

  /** @param {File} file */
  async #send(file) {
    const size = sizeOf(file.size);
    this.#show("sending", file.name, size);
    this.dispatchEvent(new Event("began"));
    try {
      const answer = await this.#uploads.put(this.kind, file, this.#largest(file.name), (share) => this.#sent(share, size));
      this.arrive({ answer, bytes: file.size });
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") return; // the file that took its place tells of itself
      this.fail(error);
    }
  }

  // What has arrived and stands there; null while nothing does.
  get arrived() { return this.state === "there" ? this.#arrived : null; }

  async #empty() {
    const back = this.#takeBack("without");
    one(this.#element, 'input[type="file"]').focus();
    await back;
  }

  // Takes back what was given; what there was before stays.
  leave() { return this.#takeBack("empty"); }

  /** @param {"empty" | "without"} state */
  async #takeBack(state) {
    this.state = state;
    this.#given = this.#arrived = null;
    delete this.#element.dataset.state;
    this.#element.querySelector(".thumbnail img")?.remove();
    this.#part(".name").textContent = this.#part(".name").dataset.none ?? "";
    this.#part("[data-hint]").textContent = this.#hint;
    this.#progress.hidden = true;
    if (this.kind === "cover") this.#part(".without").hidden = true;
    this.#tell("");
    this.dispatchEvent(new Event("emptied"));
    try {
      await this.#uploads.takeBack(this.kind);
    } catch (error) {
      this.fail(error);
    }
  }

  /**
   * Shows what has arrived, be it on an earlier page.
   * @param {Arrived} arrived
   */
  arrive(arrived) {
    const { answer, bytes } = (this.#arrived = arrived);
    const size = sizeOf(bytes);
    this.#show("there", answer.name, answer.duration ? `${clock(answer.duration)} · ${size}` : size);
    this.dispatchEvent(new CustomEvent("arrived", { detail: answer }));
  }

  /**
   * Says what is wrong with what was given. To what no answer came is sent once more when one does; not over and over,
   * for a server may end a connection to refuse a file.
   * @param {unknown} error
   */
  fail(error) {
    this.state = "bad";
    this.#element.dataset.state = this.state;
    this.#progress.hidden = true;
    this.#part("[data-hint]").textContent = this.#hint;
    this.#showWithout();
    this.#tell(messageOf(error));
    this.dispatchEvent(new Event("failed"));
    const given = this.#given;
    if (given && error instanceof LostError) answering().then(() => { if (this.#given === given) this.#sendAgain(given); });
  }

  /**
   * @param {"sending" | "there"} state
   * @param {string} name
   * @param {string} hint
   */
  #show(state, name, hint) {
    this.state = state;
    this.#element.dataset.state = state;
    this.#part(".name").textContent = name;
    this.#part("[data-hint]").textContent = hint;
    this.#progress.hidden = state !== "sending";
    this.#progress.value = 0;
    this.#showWithout();
    this.#tell("");
    if (state === "there") announce(`${name}, ${hint}`);
  }

  /**
   * @param {number} share
   * @param {string} size
   */
  #sent(share, size) {
    this.#progress.value = share;
    this.#part("[data-hint]").textContent = t("add.sending", { percent: Math.round(100 * share), size });
  }

  #showWithout() {
    if (this.kind === "cover") this.#part(".without").hidden = false;
  }

  /** @param {string} message */
  #tell(message) {
    const problem = this.#part(".problem");
    problem.textContent = message;
    problem.hidden = !message;
  }

  #usePasting() {
    const [paste, pasted] = [this.#part(".paste"), this.#part(".pasted")];
    const text = one(this.#element, "textarea", HTMLTextAreaElement);
    /** @param {boolean} open */
    const toggle = (open) => {
      pasted.hidden = !open;
      paste.setAttribute("aria-expanded", String(open));
      if (open) text.focus();
    };
    paste.addEventListener("click", () => toggle(Boolean(pasted.hidden)));
    this.#part(".use").addEventListener("click", () => {
      toggle(false);
      this.take(new File([text.value], `${t("add.pasted")}.txt`, { type: "text/plain" }));
    });
  }

  /** @param {string} selector */
  #part(selector) { return one(this.#element, selector); }

  get #progress() { return one(this.#element, "progress", HTMLProgressElement); }
}
