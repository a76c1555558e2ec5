// Jobs as they go on: blocks of the page that show one are kept up to date while any of them runs.

import { send } from "./api.js";
import { clock } from "./slots.js";
import { announce, t } from "./strings.js";

const STAGES = ["speech", "letters", "words", "model"];
const LEAST_TOLD = 2; // seconds; less is as good as done

// Follows every open job on the page; `ended` hears of each that is over, with its block.
export function followWork(ended) {
  const blocks = () => [...document.querySelectorAll(".work[data-job]")];
  const open = () => blocks().filter((block) => ["waiting", "running"].includes(block.dataset.state));
  document.addEventListener("click", (event) => {
    const block = event.target.closest(".work .cancel")?.closest(".work");
    if (block) send("POST", `/api/jobs/${block.dataset.job}/cancel`).catch((error) => announce(error.message));
  });
  if (!open().length) return;
  const events = new EventSource("/api/jobs/events");
  events.addEventListener("message", (event) => {
    for (const job of JSON.parse(event.data)) {
      const block = blocks().find((each) => each.dataset.job === job.id);
      if (!block || block.dataset.state === "over") continue;
      show(block, job);
      if (!isOpen(job)) over(block, job, ended);
    }
  });
  events.addEventListener("end", () => {
    events.close();
    for (const block of open()) settle(block, ended);
  });
  addEventListener("pagehide", () => events.close());
}

const isOpen = (job) => job.state === "waiting" || job.state === "running";

function over(block, job, ended) {
  block.dataset.state = "over";
  announce(block.querySelector(".state").textContent);
  ended(job, block);
}

// A job may have ended between the page and the first event: it is asked for once more.
async function settle(block, ended) {
  try {
    const job = await send("GET", `/api/jobs/${block.dataset.job}`);
    show(block, job);
    if (!isOpen(job)) over(block, job, ended);
  } catch (error) {
    block.querySelector(".state").textContent = error.message;
  }
}

function show(block, job) {
  block.dataset.state = job.state;
  const progress = block.querySelector("progress");
  block.querySelector(".state").textContent = sentence(job);
  if (!progress) return;
  progress.hidden = !isOpen(job);
  block.querySelector(".cancel").hidden = !isOpen(job);
  if (job.total) progress.value = Math.min(1, job.done / job.total);
  else progress.removeAttribute("value");
}

function sentence(job) {
  if (job.state === "failed") return t("work.failed", { why: job.message });
  if (job.state === "cancelled" || job.state === "waiting") return t(`work.${job.state}`);
  if (!job.stage) return t("work.running");
  const stage = t(`work.${STAGES.includes(job.stage) ? job.stage : "other"}`);
  if (!job.total) return stage;
  const percent = Math.floor((100 * job.done) / job.total);
  const left = job.seconds_left;
  if (left === null || left < LEAST_TOLD) return t("work.stage", { stage, percent });
  return t("work.left", { stage, percent, time: clock(left) });
}
