// Plays the passages of a report: a button plays from its data-from to its data-to, and again pauses.
// Where the sound is not there, the page says so, and nothing can be played.

const sound = document.querySelector("#report-audio");
const buttons = [...document.querySelectorAll("button[data-from]")];
let playing = null;

function shown(button) {
  playing?.setAttribute("aria-pressed", "false");
  playing = button;
  playing?.setAttribute("aria-pressed", "true");
}

function watch() {
  if (!playing || sound.paused) return;
  if (sound.currentTime >= Number(playing.dataset.to)) sound.pause();
  else requestAnimationFrame(watch);
}

function missing() {
  document.querySelector("#audio-missing").hidden = false;
  for (const button of buttons) button.disabled = true;
  shown(null);
}

for (const button of buttons) {
  button.addEventListener("click", () => {
    if (playing === button) return sound.pause();
    shown(button);
    sound.currentTime = Number(button.dataset.from);
    sound.play().catch(() => { if (playing === button && sound.paused) shown(null); });
  });
}
sound.addEventListener("playing", watch);
sound.addEventListener("pause", () => shown(null));
sound.addEventListener("error", missing);
if (sound.error) missing();
