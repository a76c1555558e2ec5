// A page of an episode without a server: all of it lies within the page, but for the sound.

import { useLinks } from "./opening.js";
import { usePointing } from "./pointing.js";
import { captions, data, player, transcript, wave } from "./reading.js";
import { Toast } from "../ui/toast.js";

const { cues, peaks, otherwise } = JSON.parse(document.getElementById("standalone-data").textContent);
const sound = document.getElementById("sound");
const missing = document.getElementById("sound-missing");

captions.use(() => cues);
if (peaks) wave.use(peaks);

// It opens at a quote as the server's page does, so that it can be what an episode's public address leads to.
usePointing(transcript);
useLinks({ data, transcript, player, toast: new Toast(document.getElementById("toast")) });

// The sound should lie beside the page, by one name or another; where it does not, the reader may say where it is.
function look() {
  const { currentTime } = sound;
  const next = otherwise.shift();
  missing.hidden = Boolean(next);
  document.getElementById("sound-problem").hidden = true;
  if (next) sound.src = next;
  sound.currentTime = currentTime;
}
sound.addEventListener("error", look);
if (sound.error) look();
missing.querySelector("input").addEventListener("change", ({ target }) => {
  if (!target.files.length) return;
  sound.src = URL.createObjectURL(target.files[0]);
  missing.hidden = true;
  document.getElementById("sound-problem").hidden = true;
});
