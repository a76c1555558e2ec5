// Plays from a time on for some seconds; tells when beeps are heard, with their pitch, and when words are lit. `at` is in
// milliseconds of the page's clock, `time` what the player shows.
async ([from, seconds]) => {
  const sound = document.getElementById("audio");
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, { fftSize: 512, smoothingTimeConstant: 0 });
  context.createMediaElementSource(sound).connect(analyser).connect(context.destination);
  await context.resume();
  const spectrum = new Float32Array(analyser.frequencyBinCount), width = context.sampleRate / analyser.fftSize; // Hz
  const heard = [], lit = [];
  let loud = false, word = null;
  const sought = new Promise((done) => sound.addEventListener("seeked", done, { once: true }));
  sound.currentTime = from;
  await sought;
  await sound.play();
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end) {
    analyser.getFloatFrequencyData(spectrum);
    const band = spectrum.slice(Math.ceil(500 / width), Math.floor(3500 / width));
    const top = band.indexOf(Math.max(...band)), isLoud = band[top] > -30; // decibels
    const now = { at: performance.now(), time: sound.currentTime };
    if (isLoud && !loud) heard.push({ ...now, pitch: (top + Math.ceil(500 / width)) * width });
    loud = isLoud;
    const shown = document.querySelector("#transcript .w.lit")?.dataset.i;
    if (shown !== undefined && shown !== word) lit.push({ ...now, word: Number(shown) });
    word = shown;
    await new Promise((done) => setTimeout(done, 3));
  }
  sound.pause();
  return { heard, lit };
}
