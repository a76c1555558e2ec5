// @ts-check
// The jobs of the server, asked for once a second while somebody looks at the page and one of them is open.

import { look } from "../ui/api.js";

const PERIOD = 1000; // milliseconds

/** @typedef {(job: Job) => unknown} Hear */
/** @type {Map<string, {hear: Set<Hear>, known: string}>} who follows the job of that id, and what was last reported */
const followed = new Map();
let timer = 0;

/** @param {{state?: string}} job */
export const isOpen = ({ state }) => state === "waiting" || state === "running";

/** Return the one list of the server's jobs that a page has. */
export const theJobs = () => ({ watch });

/**
 * Call `hear` with how the job stands and with every change, until it has ended.
 * @param {string} id
 * @param {Hear} hear
 */
function watch(id, hear) {
  if (!followed.size) for (const name of ["visibilitychange", "pageshow"]) addEventListener(name, ask, true);
  followed.set(id, { hear: new Set(followed.get(id)?.hear).add(hear), known: "" });
  ask();
}

async function ask() {
  clearTimeout(timer);
  if (document.hidden || !followed.size) return;
  const ids = new URLSearchParams([...followed.keys()].map((id) => ["id", id]));
  /** @type {Job[]} */
  const jobs = await look(`/api/jobs?${ids}`).catch(() => []); // the server is away, and asked again
  for (const job of jobs) {
    const told = JSON.stringify(job), of = followed.get(job.id);
    if (!of || of.known === told) continue;
    of.known = told;
    if (!isOpen(job)) followed.delete(job.id);
    for (const hear of of.hear) hear(job);
  }
  clearTimeout(timer);
  timer = window.setTimeout(ask, PERIOD);
}
