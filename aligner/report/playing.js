// Plays the passages of a report: a button plays from its data-from to its data-to, and pauses at the second click. If the
// audio is missing, a notice says so and the buttons are disabled.

const audio = document.querySelector("#report-audio");
const buttons = [...document.querySelectorAll("button[data-from]")];
let playing = null;

function setPlaying(button) {
  playing?.setAttribute("aria-pressed", "false");
  playing = button;
  playing?.setAttribute("aria-pressed", "true");
}

function watch() {
  if (!playing || audio.paused) return;
  if (audio.currentTime >= Number(playing.dataset.to)) audio.pause();
  else requestAnimationFrame(watch);
}

function showMissing() {
  document.querySelector("#audio-missing").hidden = false;
  for (const button of buttons) button.disabled = true;
  setPlaying(null);
}

for (const button of buttons) {
  button.addEventListener("click", () => {
    if (playing === button) return audio.pause();
    setPlaying(button);
    audio.currentTime = Number(button.dataset.from);
    audio.play().catch(() => { if (playing === button && audio.paused) setPlaying(null); });
  });
}
audio.addEventListener("playing", watch);
audio.addEventListener("pause", () => setPlaying(null));
audio.addEventListener("error", showMissing);
if (audio.error) showMissing();
