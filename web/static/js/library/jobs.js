// @ts-check
// Jobs on a page: requests their state each second while one is open and the page is visible, and updates their blocks.

import { getQuietly } from "../ui/api.js";
import { all, one } from "../ui/elements.js";
import { announce } from "../ui/strings.js";
import { useActions } from "./actions.js";

const PERIOD = 1000; // milliseconds

/** @typedef {(job: Job) => unknown} Report called with the state of a job */
/** @type {Map<string, Report[]>} the callbacks of each job, by its id */
const followed = new Map();
let timer = 0;

/** @param {{state?: string}} job */
export const isOpen = ({ state }) => state === "waiting" || state === "running";

/**
 * Call `report` every second with the state of a job, until it has ended.
 * @param {string} id
 * @param {Report} report
 */
export function watch(id, report) {
  followed.set(id, [...(followed.get(id) ?? []), report]);
  ask();
}

async function ask() {
  clearTimeout(timer);
  if (document.hidden || !followed.size) return;
  const ids = new URLSearchParams([...followed.keys()].map((id) => ["id", id]));
  /** @type {Job[]} */
  const jobs = await getQuietly(`/api/jobs?${ids}`).catch(() => []); // the server is away, and asked again
  for (const job of jobs) {
    const reports = followed.get(job.id) ?? [];
    if (!isOpen(job)) followed.delete(job.id);
    for (const report of reports) report(job);
  }
  clearTimeout(timer);
  timer = window.setTimeout(ask, PERIOD);
}
document.addEventListener("visibilitychange", ask);

/**
 * Follow all open jobs on the page, also those added later; `ended` is called with each ended job and its block.
 * @param {(job: Job, block: HTMLElement) => unknown} ended
 */
export function followJobs(ended) {
  const followAll = () => {
    for (const block of all(document, ".work[data-job]:not([data-followed])")) if (isOpen(block.dataset)) follow(block, ended);
  };
  useActions(); // for the cancel buttons
  document.addEventListener("refreshed", followAll);
  followAll();
}

/**
 * Keep a block up to date.
 * @param {HTMLElement} block
 * @param {(job: Job, block: HTMLElement) => unknown} ended
 */
export function follow(block, ended) {
  const progress = one(block, "progress", HTMLProgressElement), cancel = /** @type {HTMLElement | null} */ (block.querySelector(".cancel")), { job: id = "" } = block.dataset;
  block.dataset.followed = "";
  if (cancel) cancel.dataset.send = `POST /api/jobs/${id}/cancel`;
  watch(id, (job) => {
    block.dataset.state = job.state;
    one(block, ".state").textContent = job.status;
    progress.hidden = !isOpen(job);
    if (cancel) cancel.hidden = progress.hidden; // a reader has none
    if (job.run_done !== null) progress.value = job.run_done;
    else progress.removeAttribute("value");
    if (isOpen(job)) return;
    announce(`${progress.getAttribute("aria-label")}: ${job.status}`);
    ended(job, block);
  });
}
