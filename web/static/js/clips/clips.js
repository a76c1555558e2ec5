// @ts-check
// The clips of the episode: to play, download, delete, take as one ZIP. Those that are being made stand above them with how
// far they are, those that could not be made with why. The server renders both lists; what was made or deleted elsewhere
// is seen when the reader comes back to the page.

import { get, getText, look, send } from "../ui/api.js";
import { copyText } from "../ui/clipboard.js";
import { all, around, one } from "../ui/elements.js";
import { useMenu } from "../ui/menus.js";
import { onReturn } from "../ui/returning.js";
import { showRows } from "../ui/rows.js";
import { announce, t, timeLeft } from "../ui/strings.js";
import { isOpen, theJobs } from "../library/jobs.js";

/**
 * @typedef {{id: string, failed: string | null, again: Export | null, row: string}} Begun a job as the server lists it:
 * why it was not made if it failed, what asks for the same once more, and its row
 * @typedef {{clips: Clip[], following: number | null, jobs: Begun[]}} Listed
 * @typedef {{job: Job, clip: Clip | undefined}} Made what became of a job
 */

const STAGES = ["cutting", "encoding", "listening", "audiogram"];

/**
 * The elements of HTML that our own server has rendered.
 * @param {string} html
 */
export const rendered = (html) => /** @type {HTMLElement[]} */ ([...new DOMParser().parseFromString(html, "text/html").body.children]);

/**
 * How far a clip is, in the reader's language.
 * @param {Pick<Job, "state" | "stage" | "run_seconds_left">} job
 */
export function stateOf(job) {
  if (job.state === "waiting") return t("clips.waiting");
  if (job.run_seconds_left !== null) return t("clips.left", { time: timeLeft(job.run_seconds_left) });
  return t(`clips.stage.${STAGES.includes(job.stage) ? job.stage : "cutting"}`);
}

// Events: "change" when the list is another; "play" as one begins to be heard.
export class Clips extends EventTarget {
  #root;
  #rows;
  #making;
  #title;
  #episode;
  #toast;
  /** @type {Listed} */
  #listed = { clips: [], following: null, jobs: [] };
  #loads = 0;
  /** @type {Map<string, Promise<Job>>} the jobs that are followed, by id */
  #followed = new Map();
  #wanted = 1; // as many are shown as come with the piece of the list in which this one is
  #isAsking = false; // for one that failed

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
    root.addEventListener("change", (event) => this.#ticked(event));
    onReturn(() => this.#refresh());
    this.load();
  }

  /** @returns {readonly Clip[]} those that are listed */
  get shown() { return this.#listed.clips; }

  get #url() { return `/api/episodes/${this.#episode}/clips`; }

  /**
   * Where a file of the clip is.
   * @param {Clip} clip
   * @param {string} name
   */
  file(clip, name = clip.name) { return `/episodes/${this.#episode}/clips/${clip.id}/${encodeURIComponent(name)}`; }

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
    const loads = this.#loads, found = await this.#read(look);
    if (loads === this.#loads && JSON.stringify(found) !== JSON.stringify(this.#listed)) this.#show(found);
  }

  /**
   * What is there, as far as it is wanted.
   * @param {(url: string) => Promise<Listed>} ask
   * @returns {Promise<Listed>}
   */
  async #read(ask) {
    const found = /** @type {Map<string, Clip>} */ (new Map());
    let following = /** @type {number | null} */ (0), jobs = /** @type {Begun[]} */ ([]);
    while (following !== null && found.size < this.#wanted) {
      const listed = await ask(`${this.#url}?from=${following}`);
      for (const clip of listed.clips) found.set(clip.id, clip);
      ({ following, jobs } = listed);
    }
    return { clips: [...found.values()], following, jobs };
  }

  /** @param {Listed} listed */
  #show(listed) {
    this.#listed = listed;
    one(this.#root, "[data-more]").hidden = listed.following === null;
    showRows(this.#making, listed.jobs, ({ row }) => rendered(row)[0], this.#title);
    showRows(this.#rows, listed.clips, (clip, old) => this.#card(clip, old), this.#title);
    for (const job of listed.jobs) if (!job.failed) this.#follow(job.id);
    one(this.#root, "[data-empty]").hidden = listed.clips.length > 0 || listed.jobs.length > 0;
    this.#tally();
    this.dispatchEvent(new Event("change"));
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
    useMenu(one(card, ".menu", HTMLDetailsElement));
    return card;
  }

  /**
   * Has clips made; each is ticked when it is there. `hear` is told of every change of a job.
   * @param {Export[]} exports
   * @param {(job: Job) => void} [hear]
   * @returns {Promise<Made[]>}
   */
  async make(exports, hear = () => {}) {
    const { jobs } = /** @type {Listed} */ (await send("POST", this.#url, { exports }));
    for (const { id } of jobs) theJobs().watch(id, hear);
    const made = jobs.map(async ({ id }) => {
      const job = await this.#follow(id);
      return { job, clip: this.shown.find(({ name }) => job.outputs.includes(`clips/${name}`)) };
    });
    this.load();
    return Promise.all(made);
  }

  /**
   * Shows how far a job is, and the list anew once it has ended; returns the job as it is then.
   * @param {string} id
   */
  #follow(id) {
    const known = this.#followed.get(id);
    if (known) return known;
    const ended = new Promise((/** @type {(job: Job) => void} */ done) => {
      theJobs().watch(id, (job) => {
        const row = /** @type {HTMLElement | null} */ (this.#making.querySelector(`[data-id="${id}"]`));
        if (!isOpen(job)) return done(job);
        if (!row) return;
        if (job.run_done !== null) one(row, "progress", HTMLProgressElement).value = job.run_done;
        one(row, "[data-part=state]").textContent = stateOf(job);
      });
    }).then(async (job) => {
      this.#followed.delete(id);
      await this.load();
      const clip = this.shown.find(({ name }) => job.outputs.includes(`clips/${name}`));
      const box = clip && this.#boxes.find((each) => around(each, "[data-id]")?.dataset.id === clip.id);
      if (box) box.checked = true;
      this.#tally();
      if (job.state === "failed") announce(job.message);
      else if (clip && !this.#followed.size) announce(t("clips.ready"));
      return job;
    });
    this.#followed.set(id, ended);
    return ended;
  }

  /** @param {Event} event */
  #clicked(event) {
    const button = around(event, "[data-do]"), row = around(event, "[data-id]"), id = row?.dataset.id ?? "";
    if (around(event, "[data-more]")) return void this.#try(() => this.#showMore());
    if (!button || !row) return;
    const clip = this.shown.find((each) => each.id === id);
    /** @type {Record<string, () => unknown>} */
    const acts = {
      cancel: () => send("POST", `/api/jobs/${id}/cancel`),
      dismiss: async () => { await send("POST", `/api/jobs/${id}/cancel`).catch(() => null); await this.load(); },
      again: () => this.#makeAgain(id),
      play: () => clip && this.#play(clip, row),
      post: async () => {
        if (!clip) return;
        await copyText(await getText(this.file(clip, button.dataset.file)));
        this.#toast.show(t("clips.copied"));
      },
      delete: () => this.#delete(id),
    };
    this.#try(acts[button.dataset.do ?? ""]);
  }

  /** @param {() => unknown} work */
  async #try(work) {
    try {
      await work();
    } catch (error) {
      this.#toast.failed(error);
    }
  }

  /**
   * Has made what failed, as it was asked for.
   * @param {string} id
   */
  async #makeAgain(id) {
    const wanted = this.#listed.jobs.find((job) => job.id === id)?.again;
    if (!wanted || this.#isAsking) return;
    this.#isAsking = true;
    try {
      const { jobs: [job] } = /** @type {Listed} */ (await send("POST", this.#url, { exports: [wanted] }));
      await send("POST", `/api/jobs/${id}/cancel`).catch(() => null); // which may have made room for others
      await this.load();
      /** @type {HTMLElement | null} */ (this.#making.querySelector(`[data-id="${job.id}"] button`))?.focus({ preventScroll: true });
    } finally {
      this.#isAsking = false;
    }
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

  /** @param {string} id */
  async #delete(id) {
    const { token } = await send("DELETE", `${this.#url}/${id}`);
    await this.load();
    this.#toast.show(t("clips.deleted"), { undo: () => this.#try(async () => {
      await send("POST", `${this.#url}/restore/${token}`);
      await this.load();
    }) });
  }

  async #showMore() {
    const shown = this.shown.length;
    this.#wanted = shown + 1;
    await this.load();
    this.#rows.children[shown]?.querySelector("input")?.focus();
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
    const every = one(this.#root, "[data-all]", HTMLInputElement), zip = one(this.#root, "[data-zip]", HTMLFormElement);
    const ids = all(this.#rows, "input:checked").map((box) => around(box, "[data-id]")?.dataset.id), n = ids.length;
    zip.hidden = n === 0 && this.shown.length < 2;
    every.checked = n > 0 && n === this.shown.length;
    every.indeterminate = n > 0 && !every.checked;
    one(zip, "[name=clips]", HTMLInputElement).value = ids.join(" "); // too many for an address
    one(zip, "span").textContent = t(n === 0 ? "clips.zip.all" : n === 1 ? "clips.zip.one" : "clips.zip", { n });
  }
}
