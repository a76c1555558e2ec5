// @ts-check
// The sound should lie beside the page, by one name or another; where it does not, the reader may say where it is.

import { byId, one } from "../ui/elements.js";

/** @param {string[]} otherwise addresses where it may be, if it is not where the page says */
export function useMissingSound(otherwise) {
  const sound = byId("sound", HTMLAudioElement);
  const missing = byId("sound-missing");
  const chosen = one(missing, "input", HTMLInputElement);
  const look = () => {
    const { currentTime } = sound;
    const next = otherwise.shift();
    missing.hidden = Boolean(next);
    byId("sound-problem").hidden = true;
    if (next) sound.src = next;
    sound.currentTime = currentTime;
  };
  sound.addEventListener("error", look);
  if (sound.error) look();
  chosen.addEventListener("change", () => {
    if (!chosen.files?.length) return;
    sound.src = URL.createObjectURL(chosen.files[0]);
    missing.hidden = true;
    byId("sound-problem").hidden = true;
  });
}
