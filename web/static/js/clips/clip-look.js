// @ts-check
// An audiogram before it is exported: the look that the reader chose, and the preview of what comes of it.

import { fetchBlob, send } from "../ui/api.js";
import { one } from "../ui/elements.js";
import { announce, decimal, t } from "../ui/strings.js";
import { Uploads } from "../library/upload.js";

const SETTLED_MS = 1500; // after which a look that stays is rendered as a video, which takes the server long
const FIRST = 10, LONGEST = 90; // seconds of the preview that are there in a moment, and that the server makes

/** @type {Required<StyleChoices>} */
const USUAL = { colour: "auto", accent: "auto", font: "auto", cover: "auto", end_card: true };

// What the reader chose of colours, font, cover and end card. What they did not choose is as the server says: remembered
// from the show's last audiogram, else the usual.
//
// Events: "change" when something was chosen, "failed" (detail: the error) where a picture could not be taken in.
export class ClipLook extends EventTarget {
  #root;
  #url;
  /** @type {StyleChoices} */
  chosen = {};
  /** @type {StyleChoices} what asks for the look that is shown */
  #shown = {};

  /**
   * @param {HTMLElement} root
   * @param {string} url of the episode's clips
   */
  constructor(root, url) {
    super();
    this.#root = root;
    this.#url = url;
    // The panel asks the server when something was chosen; a form's own events tell of it too early.
    root.addEventListener("input", (event) => {
      event.stopPropagation();
      const { name, type, value, checked } = /** @type {HTMLInputElement} */ (event.target);
      if (type !== "file") this.#choose({ [name]: type === "checkbox" ? checked : value || undefined });
    });
    root.addEventListener("change", (event) => {
      event.stopPropagation();
      const input = /** @type {HTMLInputElement} */ (event.target);
      if (input.files?.length) this.#take(input.files[0]);
      if (input.files) input.value = "";
    });
    one(root, '[data-do="usual"]').addEventListener("click", () => this.#choose(USUAL));
  }

  /**
   * What asks for the look that the panel shows: another tab may have given the show another one meanwhile.
   * @returns {StyleChoices}
   */
  get wanted() { return { ...this.#shown, ...this.chosen }; }

  /** Shows what the server made of what was chosen. @param {ShownLook} look */
  show(look) {
    this.#shown = Object.fromEntries(Object.entries(look.choices).filter(([, choice]) => choice !== null));
    /** @type {const} */ (["colour", "accent"]).forEach((hue, k) => {
      const input = this.#field(hue);
      if (document.activeElement !== input) input.value = (look[hue] ?? look.drawn[k]).toLowerCase();
      this.#part(`${hue}-drawn`).textContent = look[hue] && look[hue] !== look.drawn[k] ? t(`clip.${hue}.drawn`) : "";
    });
    this.#list("font", look.font, { auto: t("clip.font.usual"), ...Object.fromEntries(look.fonts.map((name) => [name, name])) });
    const none = t("clip.cover.none"), cover = look.own_cover || look.cover !== "none" ? look.cover : null;
    this.#list("cover", cover, look.own_cover ? { auto: t("clip.cover.own"), none } : { auto: none });
    this.#field("end_card").checked = look.end_card;
    this.#part("remembered").hidden = !look.remembered;
  }

  /**
   * Fill a list with choices, and what is used now if that is none of them.
   * @param {"font" | "cover"} name
   * @param {string | null} used
   * @param {Record<string, string>} options
   */
  #list(name, used, options) {
    const list = one(this.#root, `select[name="${name}"]`, HTMLSelectElement), value = used ?? "auto";
    const other = value in options ? [] : [new Option(value, this.chosen[name] ?? "")];
    list.replaceChildren(...Object.entries(options).map(([value, text]) => new Option(text, value)), ...other);
    list.value = other[0]?.value ?? value;
  }

  /** @param {StyleChoices} choices */
  #choose(choices) {
    this.chosen = { ...this.chosen, ...choices };
    this.dispatchEvent(new Event("change"));
  }

  /** Sends a picture and has it as the cover. @param {File} file */
  async #take(file) {
    const uploads = new Uploads(), sending = this.#part("sending");
    try {
      await uploads.put("cover", file, Number(this.#root.dataset.largestCover), (share) => {
        sending.textContent = t("clip.cover.sending", { percent: Math.round(100 * share) });
      });
      const { cover } = await send("POST", `${this.#url}/cover/${await uploads.token()}`);
      announce(file.name);
      this.#choose({ cover });
    } catch (error) {
      this.dispatchEvent(new CustomEvent("failed", { detail: error }));
    } finally {
      sending.textContent = "";
    }
  }

  /** @param {string} name */
  #field(name) { return one(this.#root, `input[name="${name}"]`, HTMLInputElement); }

  /** @param {string} name */
  #part(name) { return one(this.#root, `[data-part="${name}"]`); }
}

// The audiogram as the server renders it: a still of each shape, and a video of the chosen one, at first its beginning,
// soon the whole. It plays without its sound as soon as it is there, unless the reader wants no motion.
export class ClipPreviews {
  #images;
  #video;
  #part;
  #url;
  /** @type {Map<string, string>} what each shape's still was made of */
  #made = new Map();

  /**
   * @param {HTMLElement} root
   * @param {string} url of the episode's clips
   */
  constructor(root, url) {
    const images = /** @type {NodeListOf<HTMLImageElement>} */ (root.querySelectorAll("img[data-shape]"));
    this.#images = new Map([...images].map((image) => [image.dataset.shape ?? "", image]));
    this.#video = one(root, "video", HTMLVideoElement);
    this.#part = one(root, '[data-part="part"]');
    this.#url = url;
  }

  get isHeard() { return !this.#video.muted && !this.#video.paused; }

  mute() { this.#video.muted = true; }

  // Forgets what was made of another clip.
  clear() {
    this.stop();
    this.#made.clear();
    for (const image of this.#images.values()) image.hidden = true;
    this.#video.removeAttribute("poster");
  }

  // Shows a still in the place of the video.
  stop() {
    this.#part.hidden = true;
    delete this.#video.dataset.moving;
    if (!this.#video.src) return;
    URL.revokeObjectURL(this.#video.src);
    this.#video.removeAttribute("src");
    this.#video.load();
  }

  /**
   * Show an audiogram of so many seconds; `signal` says that another one is wanted.
   * @param {Export} wanted
   * @param {number} duration
   * @param {AbortSignal} signal
   */
  show(wanted, duration, signal) {
    return Promise.all([this.#paint(wanted, signal), wanted.shape && this.#move(wanted, duration, signal)]);
  }

  /**
   * Paint the chosen shape first, then the others.
   * @param {Export} wanted
   * @param {AbortSignal} signal
   */
  async #paint(wanted, signal) {
    const shapes = [...this.#images].sort(([one], [other]) => Number(other === wanted.shape) - Number(one === wanted.shape));
    for (const [shape, image] of shapes) {
      // A wording of one's own belongs to the shape that it was broken for.
      const still = { ...wanted, shape, text: shape === wanted.shape ? wanted.text : null, format: "mp3", lufs: null };
      const made = JSON.stringify(still);
      if (this.#made.get(shape) !== made) {
        const blob = await fetchBlob(`${this.#url}/still`, still, signal);
        this.#made.set(shape, made);
        URL.revokeObjectURL(image.src);
        image.src = URL.createObjectURL(blob);
        image.hidden = false;
      }
      if (shape !== wanted.shape) continue;
      this.#video.poster = image.src;
      this.#video.setAttribute("aria-label", t("clip.moving", { shape: t(`shape.${shape}`) }));
    }
  }

  /**
   * @param {Export} wanted
   * @param {number} duration
   * @param {AbortSignal} signal
   */
  async #move(wanted, duration, signal) {
    await new Promise((settled) => {
      setTimeout(settled, SETTLED_MS);
      signal.addEventListener("abort", settled);
    });
    signal.throwIfAborted();
    for (const seconds of duration > FIRST ? [FIRST, LONGEST] : [LONGEST]) {
      const url = `${this.#url}/moving?seconds=${seconds}`;
      await this.#put(await fetchBlob(url, { ...wanted, format: "mp3" }, signal), signal);
      this.#video.dataset.moving = duration > seconds ? "part" : "whole";
      this.#part.hidden = duration <= LONGEST;
      this.#part.textContent = t("clip.moving.part", { n: decimal(seconds, 0) });
    }
  }

  /**
   * Show a video, which goes on where the one before it was.
   * @param {Blob} blob
   * @param {AbortSignal} signal
   */
  async #put(blob, signal) {
    const video = this.#video, { src: before, currentTime, paused } = video;
    URL.revokeObjectURL(before);
    if (!before) video.muted = video.loop = true;
    video.src = URL.createObjectURL(blob);
    await new Promise((ready) => {
      for (const name of ["loadeddata", "error"]) video.addEventListener(name, ready, { once: true, signal });
      signal.addEventListener("abort", ready);
    });
    signal.throwIfAborted();
    if (before) video.currentTime = currentTime;
    const plays = before ? !paused : !matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (plays) video.play().catch(() => {}); // where the browser wants a press, its own button is there
  }
}
