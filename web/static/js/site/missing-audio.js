// @ts-check
// Lets the reader choose the audio file of an offline page if it is not beside the page.

import { byId, one } from "../ui/elements.js";

/** @param {import("../page/player.js").Player} player */
export function useMissingAudio(player) {
  const sound = byId("audio", HTMLAudioElement), missing = byId("audio-missing"), chosen = one(missing, "input", HTMLInputElement);
  const look = () => {
    missing.hidden = false;
    byId("audio-problem").hidden = true;
  };
  sound.addEventListener("error", look);
  if (sound.error) look();
  chosen.addEventListener("change", () => {
    if (!chosen.files?.length) return;
    missing.hidden = true;
    player.exchange(URL.createObjectURL(chosen.files[0]));
  });
}
