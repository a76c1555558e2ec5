// @ts-check
// How an audiogram looks: what the reader chose of its colours, font, cover and end card. What they did not choose is as
// the server says: remembered from the show's last audiogram, else the usual.
//
// Events: "change" when something was chosen, "failed" (detail: the error) where a picture could not be taken in.

import { send } from "../ui/api.js";
import { all, around, one } from "../ui/elements.js";
import { announce, t } from "../ui/strings.js";
import { Uploads } from "../library/upload.js";

/** @type {Required<StyleChoices>} */
const USUAL = { colour: "auto", accent: "auto", font: "auto", cover: "auto", end_card: true };

/** @typedef {"colour" | "accent"} Hue */
/** @type {Hue[]} */
const HUES = ["colour", "accent"];

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
    for (const hue of HUES) {
      const input = this.#field(hue);
      input.addEventListener("input", () => this.#choose({ [hue]: input.value }));
    }
    for (const name of ["font", "cover"]) {
      const list = one(root, `select[name="${name}"]`, HTMLSelectElement);
      list.addEventListener("change", () => this.#choose({ [name]: list.value || undefined }));
    }
    const card = this.#field("end_card");
    card.addEventListener("change", () => this.#choose({ end_card: card.checked }));
    const picture = this.#field("picture");
    picture.addEventListener("change", () => {
      if (picture.files?.length) this.#take(picture.files[0]);
      picture.value = "";
    });
    root.addEventListener("click", (event) => this.#clicked(around(event, "button")));
    // The panel asks the server when something was chosen; a form's own events tell of it too early.
    for (const name of ["input", "change"]) root.addEventListener(name, (event) => event.stopPropagation());
  }

  /**
   * What asks for the look that the panel shows: another tab may have given the show another one meanwhile.
   * @returns {StyleChoices}
   */
  get wanted() { return { ...this.#shown, ...this.chosen }; }

  /**
   * Shows what the server made of what was chosen.
   * @param {ShownLook} look
   */
  show(look) {
    this.#shown = Object.fromEntries(Object.entries(look.choices).filter(([, choice]) => choice !== null));
    HUES.forEach((hue, k) => {
      const wanted = look[hue] ?? look.drawn[k];
      const input = this.#field(hue);
      if (document.activeElement !== input) input.value = wanted.toLowerCase();
      for (const swatch of all(this.#root, `[data-hue="${hue}"]`)) {
        swatch.setAttribute("aria-pressed", String(swatch.dataset.value === (look[hue] ?? "auto")));
      }
      this.#part(`${hue}-drawn`).textContent = look[hue] && look[hue] !== look.drawn[k] ? t(`clip.${hue}.drawn`) : "";
    });
    this.#list("font", look.font, [["auto", t("clip.font.usual")], ...look.fonts.map(itself)]);
    const none = /** @type {Option} */ ([look.own_cover ? "none" : "auto", t("clip.cover.none")]);
    const cover = look.own_cover || look.cover !== "none" ? look.cover : null;
    this.#list("cover", cover, look.own_cover ? [["auto", t("clip.cover.own")], none] : [none]);
    this.#field("end_card").checked = look.end_card;
    this.#part("remembered").hidden = !look.remembered;
    this.#part("reset").hidden = !look.remembered && !Object.entries(this.chosen).some(isUnusual);
  }

  /**
   * The choices for a list, with what is used now where that is none of them.
   * @param {"font" | "cover"} name
   * @param {string | null} used
   * @param {Option[]} options
   */
  #list(name, used, options) {
    const list = one(this.#root, `select[name="${name}"]`, HTMLSelectElement);
    const known = options.some(([value]) => value === (used ?? "auto"));
    if (!known) options.push([this.chosen[name] ?? "", used ?? ""]);
    list.replaceChildren(...options.map(([value, text]) => new Option(text, value)));
    list.value = known ? used ?? "auto" : this.chosen[name] ?? "";
  }

  /** @param {HTMLElement | null} button */
  #clicked(button) {
    const hue = /** @type {Hue | undefined} */ (button?.dataset.hue);
    if (hue) this.#choose({ [hue]: button?.dataset.value });
    if (button?.dataset.part !== "reset") return;
    this.#choose(USUAL);
    one(this.#root, "legend").focus();
  }

  /** @param {StyleChoices} choices */
  #choose(choices) {
    this.chosen = { ...this.chosen, ...choices };
    this.dispatchEvent(new Event("change"));
  }

  /**
   * Sends a picture and has it as the cover.
   * @param {File} file
   */
  async #take(file) {
    const uploads = new Uploads();
    const told = this.#part("sending");
    try {
      const largest = Number(this.#root.dataset.largestCover);
      await uploads.put("cover", file, largest, (share) => { told.textContent = t("clip.cover.sending", { percent: Math.round(100 * share) }); });
      const { cover } = await send("POST", `${this.#url}/cover/${await uploads.token()}`);
      announce(file.name);
      this.#choose({ cover });
    } catch (error) {
      this.dispatchEvent(new CustomEvent("failed", { detail: error }));
    } finally {
      told.textContent = "";
    }
  }

  /** @param {string} name */
  #field(name) { return one(this.#root, `input[name="${name}"]`, HTMLInputElement); }

  /** @param {string} name */
  #part(name) { return one(this.#root, `[data-part="${name}"]`); }
}

/** @typedef {[value: string, text: string]} Option */

/**
 * @param {string} name
 * @returns {Option}
 */
const itself = (name) => [name, name];

/** @param {[string, unknown]} choice */
const isUnusual = ([name, value]) => value !== undefined && value !== /** @type {Record<string, unknown>} */ (USUAL)[name];
