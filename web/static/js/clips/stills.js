// The stills of an audiogram, one for each shape, as the server paints them; the chosen one is also shown large.

import { fetchBlob } from "../ui/api.js";
import { t } from "../ui/strings.js";

export class Stills {
  #root;
  #large;
  #url;
  #made = new Map(); // shape -> what it was made of

  constructor(root, large, url) {
    this.#root = root;
    this.#large = large;
    this.#url = url;
  }

  clear() {
    this.#made.clear();
    this.#large.hidden = true;
    this.#large.removeAttribute("src");
    for (const image of this.#root.querySelectorAll("img")) this.#put(image, null);
  }

  // Paints the chosen shape first, then the others; stops when `stale()` says that all has changed meanwhile.
  async show(wanted, stale) {
    const shapes = [...this.#root.querySelectorAll("img[data-shape]")].map((image) => image.dataset.shape);
    shapes.sort((a, b) => (b === wanted.shape) - (a === wanted.shape));
    for (const shape of shapes) {
      // A wording of one's own belongs to the shape that it was broken for.
      const still = { ...wanted, shape, text: shape === wanted.shape ? wanted.text : null, format: "mp3", lufs: null };
      const made = JSON.stringify(still);
      if (this.#made.get(shape) !== made) {
        const blob = await fetchBlob(this.#url, still);
        if (stale()) return;
        this.#made.set(shape, made);
        this.#put(this.#root.querySelector(`img[data-shape="${shape}"]`), blob);
      }
      if (shape === wanted.shape) this.#enlarge(shape);
    }
  }

  #enlarge(shape) {
    this.#large.src = this.#root.querySelector(`img[data-shape="${shape}"]`).src;
    this.#large.alt = t("clip.still", { shape: t(`shape.${shape}`) });
    this.#large.hidden = false;
  }

  #put(image, blob) {
    if (image.src) URL.revokeObjectURL(image.src);
    if (blob) image.src = URL.createObjectURL(blob);
    else image.removeAttribute("src");
    image.hidden = !blob;
  }
}
