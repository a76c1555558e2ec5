// @ts-check
// A passage of the audio that a reader marks between two handles: as an ad or a jingle that nobody has found, or as where
// words belong. It is drawn on the waveform, or moved by its handles, with a mouse, a finger or keys. Times are milliseconds.

import { all, around, one } from "../ui/elements.js";
import { exact, t } from "../ui/strings.js";
import { STEPS, followPointer, placeHandle } from "../ui/waveform.js";
import { isOpen } from "./queue.js";

const SILENCE = 300; // milliseconds without a word that are marked around where the audio is
const LEAST = 100; // milliseconds of a passage
const STEP = 10, STRIDE = 50;

/** @typedef {import("./geometry.js").Bounds} Bounds */

export class Marks {
  #panel;
  #box;
  #layer;
  #handles;
  #editor;
  #reading;
  #changes;
  /** @type {Bounds | null} */
  #bounds = null;

  /**
   * @param {HTMLElement} panel
   * @param {import("./word-editor.js").WordEditor} editor
   * @param {import("../page/reading.js").Reading} reading
   * @param {import("../page/changes.js").Changes} changes
   */
  constructor(panel, editor, reading, changes) {
    this.#panel = panel;
    this.#box = one(panel, ".word-wave");
    this.#layer = one(this.#box, ".marked");
    this.#handles = all(this.#layer, ".handle");
    this.#editor = editor;
    this.#reading = reading;
    this.#changes = changes;
    for (const name of ["shown", "chosen"]) editor.addEventListener(name, () => this.#show());
    reading.transcript.addEventListener("select", () => this.#show());
    this.#box.addEventListener("pointerdown", (event) => this.#pressed(event), { capture: true });
    this.#layer.addEventListener("keydown", (event) => this.#stepped(event));
    one(panel, ".marks").addEventListener("click", (event) => {
      event.stopPropagation();
      this.#say(around(event, "[data-do]")?.dataset.do?.replace("mark-", ""));
    });
    panel.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.#bounds) return;
      event.stopPropagation();
      this.#end();
    });
    this.#show();
  }

  /** What is marked, from and to which second; null where nothing is. */
  get span() { return this.#bounds && /** @type {[number, number]} */ ([this.#bounds.from / 1000, this.#bounds.to / 1000]); }

  /**
   * Begins to mark: the passage in question where it has no words of its own, else what has no words where the audio is,
   * else what is chosen. Or ends it.
   * @param {import("./queue.js").Standing} standing
   */
  toggle(standing) {
    if (this.#bounds) return this.#end();
    const { shown } = standing, { player, data } = this.#reading;
    const wordless = silenceAround(data, player.time * 1000);
    const [start, end] = this.#editor.span ?? [player.time, player.time + 1];
    if (isOpen(standing) && (shown?.kind === "lacking" || shown?.kind === "otherwise")) this.#use(shown.start * 1000, shown.end * 1000);
    else if (wordless && wordless.to - wordless.from >= SILENCE) this.#use(wordless.from, wordless.to);
    else this.#use(start * 1000, Math.max(end * 1000, start * 1000 + LEAST));
    this.#handles[0].focus({ preventScroll: true });
  }

  // That the words belong in what is marked.
  belong() { if (this.#words) this.#say("words"); }

  #end() {
    this.#bounds = null;
    this.#show();
    this.#editor.focusable.focus({ preventScroll: true });
  }

  /**
   * @param {number} from
   * @param {number} to
   */
  #use(from, to) {
    this.#bounds = { from: Math.round(Math.max(0, from)), to: Math.round(Math.min(this.#reading.data.duration * 1000, to)) };
    this.#show();
  }

  /** The words that may belong there: those selected in the transcript, else those chosen under their audio. */
  get #words() { return this.#reading.transcript.selection ?? this.#editor.chosen; }

  #show() {
    const { span } = this, { from, to } = this.#editor.view, width = this.#box.clientWidth;
    this.#layer.hidden = one(this.#panel, ".marks").hidden = !span;
    this.#box.classList.toggle("marking", span !== null);
    one(this.#panel, "[data-do=mark]").setAttribute("aria-pressed", String(span !== null));
    one(this.#panel, "[data-do=mark-words]", HTMLButtonElement).disabled = !this.#words;
    if (!span) return;
    one(this.#panel, "[data-part=marked]").textContent = t("review.marked", { start: exact(span[0]), end: exact(span[1]) });
    const at = span.map((time) => ((time * 1000 - from) / (to - from)) * width);
    this.#handles.forEach((handle, k) => placeHandle(handle, at[k], width, span[k], exact(span[k])));
    const [left, right] = at.map((x) => Math.min(Math.max(x, 0), width));
    this.#layer.style.setProperty("--left", `${left}px`);
    this.#layer.style.setProperty("--wide", `${right - left}px`);
  }

  /**
   * @param {HTMLElement} handle
   * @param {(time: number) => number} to where it is to be, by where it is
   */
  #move(handle, to) {
    if (!this.#bounds) return;
    const { from, to: end } = this.#bounds;
    if (handle.dataset.mark === "start") this.#use(Math.min(to(from), end - LEAST), end);
    else this.#use(from, Math.max(to(end), from + LEAST));
  }

  // A handle is taken hold of; or, with a mouse, another passage is drawn. What a finger does beside them is not for us.
  /** @param {PointerEvent} event */
  #pressed(event) {
    if (!this.#bounds || event.button !== 0) return;
    const handle = around(event, ".marked .handle"), isDrawn = event.pointerType === "mouse" && around(event, "canvas");
    if (!handle && !isDrawn) return;
    event.preventDefault();
    event.stopPropagation();
    (handle ?? this.#handles[0]).focus({ preventScroll: true });
    const { from, to } = this.#editor.view, scale = (to - from) / this.#box.clientWidth;
    const begun = from + (event.clientX - this.#box.getBoundingClientRect().left) * scale, bounds = this.#bounds;
    followPointer(this.#box, event, ({ clientX }) => {
      const by = (clientX - event.clientX) * scale;
      if (handle) this.#move(handle, () => (handle.dataset.mark === "start" ? bounds.from : bounds.to) + by);
      else if (Math.abs(by) >= LEAST) this.#use(Math.min(begun, begun + by), Math.max(begun, begun + by));
    });
  }

  /** @param {KeyboardEvent} event */
  #stepped(event) {
    const by = STEPS[event.key], handle = around(event, ".handle");
    if (!by || !handle || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.#move(handle, (time) => time + by * (event.shiftKey ? STRIDE : STEP));
  }

  /** @param {string} [as] what is marked */
  async #say(as) {
    const { span } = this, words = this.#words;
    if (!span || !as) return;
    const [start, end] = span, isWords = as === "words" && words;
    const made = await this.#changes.correct(isWords ? { kind: "passage", first: words.first, stop: words.last, start, end } : { kind: "settle", as, start, end });
    if (!made) return;
    this.#end();
    this.#changes.tell(made, isWords ? undefined : t(`lacking.done.${as}`));
  }
}

/**
 * The silence of words around a moment: from the end of the last before it to the start of the next; null within a word.
 * @param {Pick<EpisodeData, "starts" | "ends" | "duration">} data
 * @param {number} time
 * @returns {Bounds | null}
 */
function silenceAround({ starts, ends, duration }, time) {
  let from = 0, to = duration * 1000;
  for (let word = 0; word < starts.length; word++) {
    const start = starts[word], end = ends[word];
    if (start === null || end === null) continue;
    if (end <= time) from = Math.max(from, end);
    else if (start >= time) to = Math.min(to, start);
    else return null;
  }
  return { from, to };
}
