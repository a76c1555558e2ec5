// @ts-check
// Lets the reader choose the audio file of an offline page if it is not beside the page.

import { byId, one } from "../ui/elements.js";

/** @param {import("../page/player.js").Player} player */
export function useMissingAudio(player) {
  const audio = byId("audio", HTMLAudioElement), missing = byId("audio-missing"), chosen = one(missing, "input", HTMLInputElement);
  const showMissing = () => {
    missing.hidden = false;
    byId("audio-problem").hidden = true;
  };
  audio.addEventListener("error", showMissing);
  if (audio.error) showMissing();
  chosen.addEventListener("change", () => {
    if (!chosen.files?.length) return;
    missing.hidden = true;
    player.exchange(URL.createObjectURL(chosen.files[0]));
  });
}
