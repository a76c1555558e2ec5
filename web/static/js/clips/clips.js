// @ts-check
// The clips of the episode: to play, download, delete, take as one ZIP. Those that are being made stand above them with how
// far they are, those that could not be made with why. The server renders both lists.

import { get, send } from "../ui/api.js";
import { copyText } from "../ui/clipboard.js";
import { all, around, one, rendered } from "../ui/elements.js";
import { showRows } from "../ui/rows.js";
import { announce, t } from "../ui/strings.js";
import { isOpen, watch } from "../library/working.js";

/**
 * @typedef {{id: string, failed: string | null, again: Export | null, row: string}} Begun a job as the server lists it:
 * why it was not made if it failed, what asks for the same once more, and its row
 * @typedef {{clips: Clip[], jobs: Begun[]}} Listed
 * @typedef {{job: Job, clip: Clip | undefined}} Made what became of a job
 */

// Event: "play" as one begins to be heard.
export class Clips extends EventTarget {
  #root;
  #rows;
  #making;
  #title;
  #episode;
  #toast;
  /** @type {Listed} */
  #listed = { clips: [], jobs: [] };
  /** @type {Promise<unknown>} */
  #loaded = Promise.resolve();
  /** @type {Map<string, Promise<Made>>} the jobs that are followed, by id */
  #followed = new Map();

  /**
   * @param {HTMLElement} root
   * @param {string} episode
   * @param {import("../ui/toast.js").Toast} toast
   */
  constructor(root, episode, toast) {
    super();
    this.#root = root;
    this.#rows = one(root, ".rows");
    this.#making = one(root, ".making");
    this.#title = one(root, "h2");
    this.#episode = episode;
    this.#toast = toast;
    root.addEventListener("click", (event) => this.#clicked(event));
    root.addEventListener("change", () => this.#tally());
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.load(); });
    this.load();
  }

  get #url() { return `/api/episodes/${this.#episode}/clips`; }

  /**
   * Where a file of the clip is.
   * @param {Clip} clip
   * @param {string} name
   */
  file(clip, name = clip.name) { return `/episodes/${this.#episode}/clips/${clip.id}/${encodeURIComponent(name)}`; }

  // Shows what is there now.
  load() {
    return (this.#loaded = this.#loaded.then(() => this.#toast.attempt(async () => {
      this.#show(await get(this.#url));
    })));
  }

  /** @param {Listed} listed */
  #show(listed) {
    if (JSON.stringify(listed) === JSON.stringify(this.#listed)) return;
    this.#listed = listed;
    showRows(this.#making, listed.jobs, ({ row }) => rendered(row)[0], this.#title);
    showRows(this.#rows, listed.clips, (clip, old) => this.#card(clip, old), this.#title);
    for (const job of listed.jobs) if (!job.failed) this.#follow(job.id);
    one(this.#root, "[data-empty]").hidden = listed.clips.length > 0 || listed.jobs.length > 0;
    this.#tally();
  }

  /**
   * @param {Clip} clip
   * @param {HTMLElement} [old]
   */
  #card(clip, old) {
    if (old?.querySelector("audio, video")) return old; // it may be playing
    const [card] = rendered(clip.row), still = card.querySelector("img");
    still?.addEventListener("error", () => still.remove()); // the icon under it is seen
    one(card, "input", HTMLInputElement).checked = Boolean(old?.querySelector("input:checked"));
    return card;
  }

  /**
   * Have clips made; each is ticked when it is there. `hear` is called with how their jobs stand.
   * @param {Export[]} exports
   * @param {(job: Job) => void} [hear]
   * @returns {Promise<Made[]>}
   */
  async make(exports, hear = () => {}) {
    const { jobs } = /** @type {Listed} */ (await send("POST", this.#url, { exports }));
    for (const { id } of jobs) watch(id, hear);
    const made = Promise.all(jobs.map(({ id }) => this.#follow(id)));
    this.load();
    return made;
  }

  /** Show how far a job is, and the list once it has ended. @param {string} id */
  #follow(id) {
    const made = this.#followed.get(id) ?? new Promise((/** @type {(job: Job) => void} */ done) => {
      watch(id, (job) => {
        const row = /** @type {HTMLElement | null} */ (this.#making.querySelector(`[data-id="${id}"]`));
        if (row && job.run_done !== null) one(row, "progress", HTMLProgressElement).value = job.run_done;
        if (row) one(row, "[data-part=state]").textContent = job.said;
        if (!isOpen(job)) done(job);
      });
    }).then(async (job) => {
      this.#followed.delete(id);
      await this.load();
      const clip = this.#listed.clips.find(({ name }) => job.outputs.includes(`clips/${name}`));
      if (clip) one(this.#rows, `[data-id="${clip.id}"] input`, HTMLInputElement).checked = true;
      this.#tally();
      if (job.state === "failed") announce(job.message);
      else if (clip && !this.#followed.size) announce(t("clips.ready"));
      return { job, clip };
    });
    this.#followed.set(id, made);
    return made;
  }

  /** @param {Event} event */
  #clicked(event) {
    const button = around(event, "[data-do]"), row = around(event, "[data-id]"), id = row?.dataset.id ?? "";
    if (!button || !row) return;
    const clip = this.#listed.clips.find((each) => each.id === id), job = this.#listed.jobs.find((each) => each.id === id);
    const forget = () => send("POST", `/api/jobs/${id}/cancel`);
    /** @type {Record<string, () => unknown>} */
    const acts = {
      cancel: forget,
      dismiss: async () => { await forget(); await this.load(); },
      again: async () => {
        if (!job?.again) return;
        const wanted = job.again;
        job.again = null; // in haste, it is asked for once
        await forget();
        await this.make([wanted]);
      },
      play: () => clip && this.#play(clip, row),
      post: async () => {
        if (!clip) return;
        await copyText(await (await fetch(this.file(clip, button.dataset.file))).text());
        this.#toast.show(t("clips.copied"));
      },
      delete: async () => {
        const { token } = await send("DELETE", `${this.#url}/${id}`);
        await this.load();
        this.#toast.show(t("clips.deleted"), { undo: () => this.#toast.attempt(async () => {
          await send("POST", `${this.#url}/restore/${token}`);
          await this.load();
        }) });
      },
    };
    this.#toast.attempt(acts[button.dataset.do ?? ""]);
  }

  /**
   * The player of a clip is there while it is wanted.
   * @param {Clip} clip
   * @param {HTMLElement} row
   */
  #play(clip, row) {
    const old = row.querySelector("audio, video");
    one(row, '[data-do="play"]').setAttribute("aria-expanded", String(!old));
    if (old) return old.remove();
    const player = document.createElement(clip.video ? "video" : "audio");
    Object.assign(player, { controls: true, src: this.file(clip), playsInline: true });
    player.setAttribute("aria-label", clip.text || clip.name);
    row.append(player);
    this.dispatchEvent(new Event("play"));
    player.play().catch(() => {}); // where the browser wants another press, its own button is there
  }

  // What is ticked goes into the ZIP, else all.
  #tally() {
    const zip = one(this.#root, "[data-zip]"), ticked = all(this.#rows, "input:checked").length;
    zip.hidden = this.#listed.clips.length < 2;
    one(zip, "span").textContent = t(ticked ? "clips.zip" : "clips.zip.all");
  }
}
