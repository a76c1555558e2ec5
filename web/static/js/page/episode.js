// @ts-check
// An episode's page: reading along with captions and waveform from the server, editing, review, quotes and clips.

import { get } from "../ui/api.js";
import { byId, one } from "../ui/elements.js";
import { Changes } from "./changes.js";
import { Editing } from "./editing.js";
import { usePrepared } from "./preparing.js";
import { useQuoting } from "./quoting.js";
import { useWayBack } from "./place.js";
import { openReading } from "./reading.js";
import { followJobs } from "../library/jobs.js";
import { useUntranscribed } from "./untranscribed.js";
import { useReview } from "../review/review.js";

export const reading = openReading();
const { captions, data, player, wave } = reading;

captions.use(() => get(`/api/episodes/${data.id}/cues`));
usePrepared(player, wave, data.id);
useWayBack(one(document, ".back", HTMLAnchorElement));
export const changes = new Changes(reading);
const atFirst = changes.revision;
followJobs(async ({ kind, state, review_removed }, block) => {
  if (kind !== "align" || state !== "done") return;
  await changes.ask(); // a new text is a change like any other, and an open draft stays
  if (changes.revision === atFirst) return location.reload();
  block.remove();
  if (review_removed) reading.toast.show(review_removed, { stays: true });
});
useQuoting(reading, changes);
if (changes.editable) new Editing(reading, changes);
useUntranscribed(reading, changes);
document.querySelector("#more [data-do=name]")?.addEventListener("click", () => changes.askName());
useReview(reading, changes);
