// The page of an episode: reading along, with captions and waveform from the server.

import { get } from "./api.js";
import { captions, data, wave } from "./reading.js";

captions.use(() => get(`/api/episodes/${data.id}/cues`));
showPeaks();

// The server may still be making the peaks; then the line stays flat.
async function showPeaks() {
  const { peaks } = await get(`/episodes/${data.id}/peaks`);
  if (peaks) wave.use(peaks);
}
