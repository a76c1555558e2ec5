// @ts-check
// Asks the server for an audio file with exact seeking and for waveform peaks when the page opens. Until they are ready
// the uploaded audio plays.

import { follow } from "../library/jobs.js";
import { get, send } from "../ui/api.js";
import { byId } from "../ui/elements.js";

/**
 * @param {import("./player.js").Player} player
 * @param {import("./wave.js").Wave} wave
 * @param {string} id
 */
export async function usePrepared(player, wave, id) {
  const audio = byId("audio", HTMLAudioElement), { exact } = audio.dataset;
  const draw = async () => {
    const { peaks, copy } = await get(`/episodes/${id}/peaks`);
    if (peaks) wave.use(peaks);
    if (!exact || !peaks || !(copy || audio.error)) return;
    player.exchange(exact);
    delete audio.dataset.exact;
  };
  if (!exact) return draw();
  const { job } = await send("POST", `/api/episodes/${id}/prepare`).catch(() => ({ job: null })); // the next visit asks again
  if (!job) return draw();
  const block = byId("preparing");
  block.dataset.job = job.id;
  block.hidden = false;
  follow(block, (/** @type {Job} */ { state }) => {
    block.hidden = state !== "failed";
    if (state === "done") draw();
  });
}
