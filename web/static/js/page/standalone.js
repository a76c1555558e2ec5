// @ts-check
// A page of an episode without a server: all of it lies within the page, but for the sound.

import "../ui/copying.js";
import "../ui/tips.js";
import { byId, one } from "../ui/elements.js";
import { useLinks } from "./opening.js";
import { usePointing } from "./pointing.js";
import { openReading } from "./reading.js";
import { Toast } from "../ui/toast.js";

const { cues, peaks, otherwise } = JSON.parse(byId("standalone-data").textContent ?? "");
const { captions, data, player, transcript, wave } = openReading();
const sound = byId("sound", HTMLAudioElement);
const missing = byId("sound-missing");

captions.use(() => cues);
if (peaks) wave.use(peaks);

// It opens at a quote as the server's page does, so that it can be what an episode's public address leads to.
usePointing(transcript);
useLinks({ data, transcript, player, toast: new Toast(byId("toast")) });

// The sound should lie beside the page, by one name or another; where it does not, the reader may say where it is.
function look() {
  const { currentTime } = sound;
  const next = otherwise.shift();
  missing.hidden = Boolean(next);
  byId("sound-problem").hidden = true;
  if (next) sound.src = next;
  sound.currentTime = currentTime;
}
sound.addEventListener("error", look);
if (sound.error) look();
const chosen = one(missing, "input", HTMLInputElement);
chosen.addEventListener("change", () => {
  if (!chosen.files?.length) return;
  sound.src = URL.createObjectURL(chosen.files[0]);
  missing.hidden = true;
  byId("sound-problem").hidden = true;
});

document.documentElement.classList.add("awake"); // as ui/awake.js does in the server's pages
