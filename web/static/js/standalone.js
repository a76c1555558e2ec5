// A page of an episode without a server: all of it lies within the page, but for the sound.

import { captions, wave } from "./reading.js";

const { cues, peaks } = JSON.parse(document.getElementById("standalone-data").textContent);
const sound = document.getElementById("sound");
const missing = document.getElementById("sound-missing");

captions.use(() => cues);
if (peaks) wave.use(peaks);

// The sound should lie beside the page; where it does not, the reader may say where it is.
sound.addEventListener("error", () => { missing.hidden = false; });
if (sound.error) missing.hidden = false;
missing.querySelector("input").addEventListener("change", ({ target }) => {
  if (!target.files.length) return;
  sound.src = URL.createObjectURL(target.files[0]);
  missing.hidden = true;
  document.getElementById("sound-problem").hidden = true;
});
