// @ts-check
// Jobs on a page: blocks that show one are kept up to date while it runs.

import { all, one } from "../ui/elements.js";
import { announce } from "../ui/strings.js";
import { useActs } from "./acting.js";
import { isOpen, theJobs } from "./jobs.js";

/** @typedef {(job: Job, block: HTMLElement) => unknown} Ended */

/**
 * Follow every open job on the page, also those that come later; `ended` is called with each that is over and its block.
 * @param {Ended} ended
 */
export function followWork(ended) {
  const followed = new WeakSet();
  const followAll = () => {
    for (const block of all(document, ".work[data-job]")) {
      if (followed.has(block) || !isOpen(block.dataset)) continue;
      followed.add(block);
      follow(block, ended);
    }
  };
  useActs(); // which cancel
  document.addEventListener("refreshed", followAll);
  followAll();
}

/**
 * Keep a block up to date from now on.
 * @param {HTMLElement} block
 * @param {Ended} ended
 */
export function follow(block, ended) {
  one(block, ".cancel").dataset.send = `POST /api/jobs/${block.dataset.job}/cancel`;
  theJobs().watch(block.dataset.job ?? "", (job) => {
    show(block, job);
    if (isOpen(job)) return;
    block.dataset.state = "over";
    announce(`${one(block, "progress").getAttribute("aria-label")}: ${job.said}`);
    ended(job, block);
  });
}

/**
 * @param {HTMLElement} block
 * @param {Job} job
 */
function show(block, job) {
  block.dataset.state = job.state;
  const progress = one(block, "progress", HTMLProgressElement);
  one(block, ".state").textContent = job.said;
  progress.hidden = one(block, ".cancel").hidden = !isOpen(job);
  if (job.run_done !== null) progress.value = job.run_done;
  else progress.removeAttribute("value");
}
