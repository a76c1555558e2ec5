// @ts-check
// The places for files on a page: each shows what was given, how far it has come, and what is wrong with it.

import { clock } from "../ui/durations.js";
import { all, one } from "../ui/elements.js";
import { announce, messageOf, t } from "../ui/strings.js";
import { sizeOf } from "./upload.js";

/** @typedef {import("./upload.js").Uploads} Uploads */

const SOUNDS = /\.(mp3|m4a|m4b|mp4|aac|wav|flac|og[ga]|opus|webm|mk[av]|mov|avi|wma|aiff?|mpga)$/i;
const PICTURES = /\.(jpe?g|png|webp)$/i;
const TEXTS = /\.(txt|text|md|markdown|docx|x?html?|json|srt|vtt)$/i;

/**
 * Which place a file belongs to, by its name and what the system takes it for; null if to none.
 * @param {{name: string, type: string}} file
 * @returns {FileKind | null}
 */
export function kindOf(file) {
  if (SOUNDS.test(file.name) || /^(audio|video)\//.test(file.type)) return "audio";
  if (PICTURES.test(file.name)) return "cover";
  return TEXTS.test(file.name) || file.type.startsWith("text/") ? "transcript" : null;
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
    return new Slot(element, kind, uploads, Number(form.dataset[`largest${kind[0].toUpperCase()}${kind.slice(1)}`]));
  });
  return Object.fromEntries(slots.map((slot) => [slot.kind, slot]));
}

// A slot; fires "arrived" with the server's answer, "began" and "failed".
export class Slot extends EventTarget {
  #element;
  #uploads;
  #largest;
  #hint;
  /** @type {"empty" | "sending" | "there" | "bad"} */
  state = "empty";
  /** @type {Promise<void> | null} settled when what was given has arrived, or has not */
  sent = null;

  /**
   * @param {HTMLElement} element
   * @param {FileKind} kind
   * @param {Uploads} uploads
   * @param {number} largest bytes
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
  }

  // What is wrong with what was given; empty if nothing is.
  get problem() { return this.#part(".problem").textContent ?? ""; }

  /**
   * Sends a file in the place of what was there.
   * @param {File} file
   */
  take(file) {
    this.sent = this.#send(file);
  }

  /** @param {File} file */
  async #send(file) {
    const size = sizeOf(file.size);
    this.#show("sending", file.name, size);
    this.dispatchEvent(new Event("began"));
    try {
      const answer = await this.#uploads.put(this.kind, file, this.#largest, (share) => this.#sent(share, size));
      this.#show("there", answer.name, answer.duration ? `${clock(answer.duration)} · ${size}` : size);
      this.dispatchEvent(new CustomEvent("arrived", { detail: answer }));
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") return; // the file that took its place tells of itself
      this.fail(messageOf(error));
    }
  }

  /**
   * Says what is wrong with what was given.
   * @param {string} message
   */
  fail(message) {
    this.state = "bad";
    this.#element.dataset.state = this.state;
    this.#progress.hidden = true;
    this.#part("[data-hint]").textContent = this.#hint;
    this.#tell(message);
    this.dispatchEvent(new Event("failed"));
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
