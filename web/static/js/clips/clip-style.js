// @ts-check
// An audiogram before export: the style that the reader chose, and its preview.

import { fetchBlob, send } from "../ui/api.js";
import { one } from "../ui/elements.js";
import { announce, decimal, t } from "../ui/strings.js";
import { Uploads } from "../library/upload.js";

const DELAY_MS = 1500; // a style must stay this long before its video is rendered, which is slow
const FIRST = 10, LONGEST = 90; // seconds of the preview that render fast, and at most

/** @type {Required<StyleChoices>} */
const USUAL = { colour: "auto", accent: "auto", font: "auto", cover: "auto", end_card: true };

// The reader's choice of colours, font, cover and end card. The server fills in the rest, from the show's last audiogram or
// the defaults.
//
// Events: "change" after a choice, "failed" (detail: the error) if a picture was refused.
export class ClipStyle extends EventTarget {
  #root;
  #url;
  /** @type {StyleChoices} */
  chosen = {};
  /** @type {StyleChoices} that give the style shown */
  #shown = {};

  /**
   * @param {HTMLElement} root
   * @param {string} url of the episode's clips
   */
  constructor(root, url) {
    super();
    this.#root = root;
    this.#url = url;
    // The panel asks the server on "change"; the form's own events fire too early.
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
   * The choices that give the style shown, even if another tab changed the show's remembered style meanwhile.
   * @returns {StyleChoices}
   */
  get wanted() { return { ...this.#shown, ...this.chosen }; }

  /** Show the style that the server returned. @param {ShownStyle} style */
  show(style) {
    this.#shown = Object.fromEntries(Object.entries(style.choices).filter(([, choice]) => choice !== null));
    /** @type {const} */ (["colour", "accent"]).forEach((hue, k) => {
      const input = this.#field(hue);
      if (document.activeElement !== input) input.value = (style[hue] ?? style.drawn[k]).toLowerCase();
      this.#part(`${hue}-drawn`).textContent = style[hue] && style[hue] !== style.drawn[k] ? t(`clip.${hue}.drawn`) : "";
    });
    this.#list("font", style.font, { auto: t("clip.font.usual"), ...Object.fromEntries(style.fonts.map((name) => [name, name])) });
    const none = t("clip.cover.none"), cover = style.own_cover || style.cover !== "none" ? style.cover : null;
    this.#list("cover", cover, style.own_cover ? { auto: t("clip.cover.own"), none } : { auto: none });
    this.#field("end_card").checked = style.end_card;
    this.#part("remembered").hidden = !style.remembered;
  }

  /**
   * Fill a list with options, and the one used now if it is none of them.
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

  /** Upload a picture as the cover. @param {File} file */
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

// The preview that the server renders: a still of each shape, and a video of the chosen one, first its beginning, then the
// whole. It plays muted when loaded, unless the reader prefers reduced motion.
export class ClipPreviews {
  #images;
  #video;
  #part;
  #url;
  /** @type {Map<string, string>} the request that each shape's still shows */
  #rendered = new Map();

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

  get isAudible() { return !this.#video.muted && !this.#video.paused; }

  mute() { this.#video.muted = true; }

  // Clears the preview of another clip.
  clear() {
    this.stop();
    this.#rendered.clear();
    for (const image of this.#images.values()) image.hidden = true;
    this.#video.removeAttribute("poster");
  }

  // Shows a still instead of the video.
  stop() {
    this.#part.hidden = true;
    delete this.#video.dataset.moving;
    if (!this.#video.src) return;
    URL.revokeObjectURL(this.#video.src);
    this.#video.removeAttribute("src");
    this.#video.load();
  }

  /**
   * Show an audiogram; `signal` aborts when another one is requested.
   * @param {Export} wanted
   * @param {number} duration
   * @param {AbortSignal} signal
   */
  show(wanted, duration, signal) {
    return Promise.all([this.#paint(wanted, signal), wanted.shape && this.#move(wanted, duration, signal)]);
  }

  /**
   * Load the still of the chosen shape first, then the others.
   * @param {Export} wanted
   * @param {AbortSignal} signal
   */
  async #paint(wanted, signal) {
    const shapes = [...this.#images].sort(([one], [other]) => Number(other === wanted.shape) - Number(one === wanted.shape));
    for (const [shape, image] of shapes) {
      // An edited wording has line breaks for one shape only.
      const still = { ...wanted, shape, text: shape === wanted.shape ? wanted.text : null, format: "mp3", lufs: null };
      const request = JSON.stringify(still);
      if (this.#rendered.get(shape) !== request) {
        const blob = await fetchBlob(`${this.#url}/still`, still, signal);
        this.#rendered.set(shape, request);
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
      setTimeout(settled, DELAY_MS);
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
   * Show a video, at the position of the one before.
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
    if (plays) video.play().catch(() => {}); // if the browser requires a press, its own button is there
  }
}
