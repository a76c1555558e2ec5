// The places for files on a page: each shows what was given, how far it has come, and what is wrong with it.

import { announce, t } from "../ui/strings.js";
import { clock } from "../ui/durations.js";
import { sizeOf } from "./upload.js";

const SOUNDS = /\.(mp3|m4a|m4b|mp4|aac|wav|flac|og[ga]|opus|webm|mk[av]|mov|avi|wma|aiff?|mpga)$/i;
const PICTURES = /\.(jpe?g|png|webp)$/i;
const TEXTS = /\.(txt|text|md|markdown|docx|x?html?|json|srt|vtt)$/i;

// Which place a file belongs to, by its name and what the system takes it for; null if to none.
export function kindOf(file) {
  if (SOUNDS.test(file.name) || /^(audio|video)\//.test(file.type)) return "audio";
  if (PICTURES.test(file.name)) return "cover";
  return TEXTS.test(file.name) || file.type.startsWith("text/") ? "transcript" : null;
}

// A slot; fires "arrived" with the server's answer, "began" and "failed".
export class Slot extends EventTarget {
  #element;
  #uploads;
  #largest;
  #hint;

  constructor(element, uploads, largest) {
    super();
    this.#element = element;
    this.#uploads = uploads;
    this.#largest = largest;
    this.kind = element.dataset.kind;
    this.state = "empty"; // or "sending", "there", "bad"
    this.#hint = this.#part("[data-hint]").textContent;
    const input = this.#part('input[type="file"]');
    input.addEventListener("change", () => {
      if (input.files[0]) this.take(input.files[0]);
      input.value = "";
    });
    if (this.kind === "transcript") this.#usePasting();
  }

  // What is wrong with what was given; empty if nothing is.
  get problem() { return this.#part(".problem").textContent; }

  // Sends a file in the place of what was there; `sent` is settled when it has arrived, or has not.
  take(file) {
    this.sent = this.#send(file);
  }

  async #send(file) {
    this.#show("sending", file.name, sizeOf(file.size));
    this.dispatchEvent(new Event("began"));
    try {
      const answer = await this.#uploads.put(this.kind, file, this.#largest, (share) => this.#sent(share, file.size));
      this.#show("there", answer.name, this.#said(answer, file.size));
      this.dispatchEvent(new CustomEvent("arrived", { detail: answer }));
    } catch (error) {
      if (error.name === "AbortError") return; // the file that took its place tells of itself
      this.fail(error.message);
    }
  }

  // Says what is wrong with what was given.
  fail(message) {
    this.state = this.#element.dataset.state = "bad";
    this.#part("progress").hidden = true;
    this.#part("[data-hint]").textContent = this.#hint;
    this.#problem(message);
    this.dispatchEvent(new Event("failed"));
  }

  #show(state, name, hint) {
    this.state = this.#element.dataset.state = state;
    this.#part(".name").textContent = name;
    this.#part("[data-hint]").textContent = hint ?? this.#hint;
    this.#part("progress").hidden = state !== "sending";
    this.#part("progress").value = 0;
    this.#problem("");
    if (state === "there") announce(`${name}, ${hint}`);
  }

  #sent(share, size) {
    this.#part("progress").value = share;
    this.#part("[data-hint]").textContent = t("add.sending", { percent: Math.round(100 * share), size: sizeOf(size) });
  }

  #said(answer, size) {
    return answer.duration ? `${clock(answer.duration)} · ${sizeOf(size)}` : sizeOf(size);
  }

  #problem(message) {
    const problem = this.#part(".problem");
    problem.textContent = message;
    problem.hidden = !message;
  }

  #usePasting() {
    const [paste, pasted, text] = [this.#part(".paste"), this.#part(".pasted"), this.#part("textarea")];
    const toggle = (open) => {
      pasted.hidden = !open;
      paste.setAttribute("aria-expanded", String(open));
      if (open) text.focus();
    };
    paste.addEventListener("click", () => toggle(pasted.hidden));
    this.#part(".use").addEventListener("click", () => {
      toggle(false);
      this.take(new File([text.value], `${t("add.pasted")}.txt`, { type: "text/plain" }));
    });
  }

  #part(selector) {
    return this.#element.querySelector(selector);
  }
}
