// @ts-check
// The clips of the episode: to play, download, delete, take as one ZIP; those that are being made stand above them. What
// was made or deleted elsewhere is seen when the reader comes back to the page.

import { get, getText, look, send } from "../ui/api.js";
import { copyText } from "../ui/clipboard.js";
import { all, around, detailOf, one } from "../ui/elements.js";
import { onReturn } from "../ui/returning.js";
import { showRows } from "../ui/rows.js";
import { announce, t } from "../ui/strings.js";
import { cardOf, postOf } from "./clip-card.js";
import { ClipJobs } from "./clip-jobs.js";

/**
 * @typedef {import("./clip-jobs.js").Begun} Begun
 * @typedef {{job: Job, clip: Clip | undefined}} Made what became of a job
 */

// Events: "change" when the list is another; "play" as one begins to be heard.
export class Clips extends EventTarget {
  #root;
  #rows;
  #episode;
  #toast;
  #making;
  /** @type {Clip[]} */
  #clips = [];
  #loads = 0;
  /** @type {Set<string>} what failed and is being asked for once more */
  #beginning = new Set();
  #wanted = 1; // as many are shown as come with the piece of the list in which this one is

  /**
   * @param {HTMLElement} root
   * @param {string} episode
   * @param {import("../ui/toast.js").Toast} toast
   */
  constructor(root, episode, toast) {
    super();
    this.#root = root;
    this.#rows = one(root, ".rows");
    this.#episode = episode;
    this.#toast = toast;
    this.#making = new ClipJobs(one(root, ".making"), one(root, "#job-row", HTMLTemplateElement), one(root, "h2"), toast);
    this.#making.addEventListener("change", () => this.#showEmpty());
    this.#making.addEventListener("again", (event) => this.#makeAgain(detailOf(event)));
    this.#rows.addEventListener("click", (event) => this.#clicked(event));
    root.addEventListener("change", (event) => this.#ticked(event));
    one(root, "[data-more]").addEventListener("click", () => this.#showMore());
    onReturn(() => this.#refresh());
    this.load();
  }

  /** @returns {readonly Clip[]} those that are listed */
  get shown() { return this.#clips; }

  get #url() { return `/api/episodes/${this.#episode}/clips`; }

  /**
   * Where a file of the clip is.
   * @param {Clip} clip
   * @param {string} name
   */
  file(clip, name) { return `/episodes/${this.#episode}/clips/${clip.id}/${encodeURIComponent(name)}`; }

  async load() {
    this.#loads++;
    try {
      this.#show(await this.#read(get));
    } catch (error) {
      this.#toast.failed(error);
    }
  }

  // For what was made or deleted elsewhere; what the reader does here meanwhile is newer.
  async #refresh() {
    const loads = this.#loads;
    const found = await this.#read(look);
    if (loads === this.#loads && JSON.stringify(found.clips) !== JSON.stringify(this.#clips)) this.#show(found);
  }

  /**
   * What is there, as far as it is wanted, and whether there is more; goes on showing what an earlier visit or another
   * tab began, or could not make, and no longer what was dismissed there.
   * @param {(url: string) => Promise<{clips: Clip[], following: number | null, jobs: Begun[]}>} ask
   */
  async #read(ask) {
    /** @type {Map<string, Clip>} */
    const found = new Map();
    let from = /** @type {number | null} */ (0);
    const failed = this.#making.failed; // what fails while the server is asked is not among its answers
    while (from !== null && found.size < this.#wanted) {
      const { clips, following, jobs } = await ask(`${this.#url}?from=${from}`);
      for (const clip of clips) found.set(clip.id, clip);
      for (const job of jobs.filter((each) => !this.#making.knows(each))) {
        if (job.failed === null) this.#follow(job);
        else this.#making.recall(job);
      }
      this.#making.drop(failed.filter((id) => !jobs.some((job) => job.id === id)));
      from = following;
    }
    return { clips: [...found.values()], more: from !== null };
  }

  /** @param {{clips: Clip[], more: boolean}} found */
  #show({ clips, more }) {
    this.#clips = clips;
    one(this.#root, "[data-more]").hidden = !more;
    showRows(this.#rows, clips, (clip, old) => this.#card(clip, old), one(this.#root, "h2"));
    this.#tally();
    this.#showEmpty();
    this.dispatchEvent(new Event("change"));
  }

  /**
   * Has clips made; each is ticked when it is there. `hear` is told of every change of a job.
   * @param {Export[]} exports
   * @param {(job: Job) => void} [hear]
   * @returns {Promise<Made[]>}
   */
  async make(exports, hear) {
    const jobs = await this.#begin(exports);
    return Promise.all(jobs.map((job) => this.#follow(job, hear)));
  }

  /**
   * Has made what failed, as it was asked for.
   * @param {Begun} failed
   */
  async #makeAgain(failed) {
    if (!failed.again || this.#beginning.has(failed.id)) return;
    this.#beginning.add(failed.id);
    try {
      const [job] = await this.#begin([failed.again]);
      this.#making.replace(failed, job);
      this.#follow(job);
    } catch (error) {
      this.#toast.failed(error);
    } finally {
      this.#beginning.delete(failed.id);
    }
  }

  /**
   * @param {Export[]} exports
   * @returns {Promise<Begun[]>}
   */
  async #begin(exports) { return (await send("POST", this.#url, { exports })).jobs; }

  /**
   * @param {Begun} begun
   * @param {(job: Job) => void} [hear]
   * @returns {Promise<Made>}
   */
  async #follow(begun, hear) {
    const job = await this.#making.follow(begun, hear);
    await this.load();
    const clip = this.#clips.find((each) => job.outputs.includes(`clips/${each.name}`));
    if (clip) this.#tick(clip);
    if (job.state === "failed") announce(job.message);
    else if (clip && !this.#making.areRunning) announce(t("clips.ready"));
    return { job, clip };
  }

  /** @param {Clip} clip */
  #tick(clip) {
    const box = this.#boxes.find((each) => around(each, "[data-id]")?.dataset.id === clip.id);
    if (box) box.checked = true;
    this.#tally();
  }

  async #showMore() {
    const shown = this.#clips.length;
    this.#wanted = shown + 1;
    await this.load();
    this.#rows.children[shown]?.querySelector("input")?.focus();
  }

  #showEmpty() {
    one(this.#root, "[data-empty]").hidden = this.#clips.length > 0 || !this.#making.isEmpty;
  }

  /**
   * @param {Clip} clip
   * @param {HTMLElement} [old]
   */
  #card(clip, old) {
    if (old?.querySelector("audio, video")) return old; // it may be playing
    const still = `${this.#url}/${clip.id}/still?${new URLSearchParams({ of: String(clip.made) })}`;
    const card = cardOf(one(this.#root, "#clip-row", HTMLTemplateElement), clip, still, (name) => this.file(clip, name));
    one(card, "input", HTMLInputElement).checked = Boolean(old?.querySelector("input:checked"));
    return card;
  }

  /** @param {Event} event */
  #clicked(event) {
    const action = around(event, "[data-do]")?.dataset.do;
    const row = around(event, "[data-id]");
    const clip = this.#clips.find((each) => each.id === row?.dataset.id);
    if (!clip || !row) return;
    if (action === "play") this.#play(clip, row);
    if (action === "delete") this.#delete(clip, row);
    if (action === "post") this.#copyPost(clip);
  }

  /**
   * The player of a clip is there while it is wanted.
   * @param {Clip} clip
   * @param {HTMLElement} row
   */
  #play(clip, row) {
    const old = row.querySelector("audio, video");
    one(row, '[data-do="play"]').setAttribute("aria-expanded", String(!old));
    if (old) return void old.remove();
    const player = document.createElement(clip.video ? "video" : "audio");
    Object.assign(player, { controls: true, src: this.file(clip, clip.name), playsInline: true });
    player.setAttribute("aria-label", clip.text || clip.name);
    row.append(player);
    this.dispatchEvent(new Event("play"));
    player.play().catch(() => {}); // where the browser wants another press, its own button is there
  }

  /** @param {Clip} clip */
  async #copyPost(clip) {
    try {
      await copyText(await getText(this.file(clip, postOf(clip) ?? "")));
      this.#toast.show(t("clips.copied"));
    } catch (error) {
      this.#toast.failed(error);
    }
  }

  /**
   * @param {Clip} clip
   * @param {HTMLElement} row
   */
  async #delete(clip, row) {
    try {
      const { token } = await send("DELETE", `${this.#url}/${clip.id}`);
      const next = row.nextElementSibling ?? row.previousElementSibling;
      await this.load();
      (next?.querySelector("button") ?? one(this.#root, "h2")).focus();
      this.#toast.show(t("clips.deleted"), { undo: () => this.#restore(token) });
    } catch (error) {
      this.#toast.failed(error);
    }
  }

  /** @param {string} token */
  async #restore(token) {
    try {
      await send("POST", `${this.#url}/restore/${token}`);
      await this.load();
    } catch (error) {
      this.#toast.failed(error);
    }
  }

  /** @param {Event} event */
  #ticked({ target }) {
    if (target instanceof HTMLInputElement && target.dataset.all !== undefined) {
      for (const box of this.#boxes) box.checked = target.checked;
    }
    this.#tally();
  }

  /** @returns {HTMLInputElement[]} */
  get #boxes() { return [...this.#rows.querySelectorAll("input")]; }

  #tally() {
    const every = one(this.#root, "[data-all]", HTMLInputElement);
    const ids = all(this.#rows, "input:checked").map((box) => around(box, "[data-id]")?.dataset.id);
    const zip = one(this.#root, "[data-zip]", HTMLFormElement);
    zip.hidden = ids.length === 0 && this.#clips.length < 2;
    every.checked = ids.length > 0 && ids.length === this.#clips.length;
    every.indeterminate = ids.length > 0 && !every.checked;
    one(zip, "[name=clips]", HTMLInputElement).value = ids.join(" "); // too many for an address
    const chosen = ids.length === 1 ? t("clips.zip.one") : t("clips.zip", { n: ids.length });
    one(zip, "span").textContent = ids.length ? chosen : t("clips.zip.all");
  }
}
