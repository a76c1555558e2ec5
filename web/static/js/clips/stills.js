// @ts-check
// The stills of an audiogram, one for each shape, as the server paints them; the chosen one is also shown large.

import { fetchBlob } from "../ui/api.js";
import { t } from "../ui/strings.js";

export class Stills {
  #images;
  #large;
  #url;
  /** @type {Map<string, string>} */
  #made = new Map(); // shape -> what it was made of

  /**
   * @param {HTMLElement} root
   * @param {HTMLImageElement} large
   * @param {string} url
   */
  constructor(root, large, url) {
    /** @type {NodeListOf<HTMLImageElement>} */
    const images = root.querySelectorAll("img[data-shape]");
    this.#images = new Map([...images].map((image) => [image.dataset.shape ?? "", image]));
    this.#large = large;
    this.#url = url;
  }

  clear() {
    this.#made.clear();
    this.#large.hidden = true;
    this.#large.removeAttribute("src");
    for (const image of this.#images.values()) put(image, null);
  }

  /**
   * Paints the chosen shape first, then the others; stops when `stale()` says that all has changed meanwhile.
   * @param {Export} wanted
   * @param {() => boolean} stale
   */
  async show(wanted, stale) {
    const shapes = [...this.#images].sort(([a], [b]) => Number(b === wanted.shape) - Number(a === wanted.shape));
    for (const [shape, image] of shapes) {
      // A wording of one's own belongs to the shape that it was broken for.
      const still = { ...wanted, shape, text: shape === wanted.shape ? wanted.text : null, format: "mp3", lufs: null };
      const made = JSON.stringify(still);
      if (this.#made.get(shape) !== made) {
        const blob = await fetchBlob(this.#url, still);
        if (stale()) return;
        this.#made.set(shape, made);
        put(image, blob);
      }
      if (shape === wanted.shape) this.#enlarge(shape, image);
    }
  }

  /**
   * @param {string} shape
   * @param {HTMLImageElement} image
   */
  #enlarge(shape, image) {
    this.#large.src = image.src;
    this.#large.alt = t("clip.still", { shape: t(`shape.${shape}`) });
    this.#large.hidden = false;
  }
}

/**
 * @param {HTMLImageElement} image
 * @param {Blob | null} blob
 */
function put(image, blob) {
  if (image.src) URL.revokeObjectURL(image.src);
  if (blob) image.src = URL.createObjectURL(blob);
  else image.removeAttribute("src");
  image.hidden = !blob;
}
