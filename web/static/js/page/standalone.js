// @ts-check
// The offline page: it contains everything but the audio, and needs no server.

import "../ui/copying.js";
import "../ui/tips.js";
import { byId } from "../ui/elements.js";
import { useMissingAudio } from "../site/missing-audio.js";
import { useLinks } from "./opening.js";
import { openReading } from "./reading.js";

const { cues, peaks } = JSON.parse(byId("standalone-data").textContent ?? "");
const reading = openReading(), { captions, player, wave } = reading;

captions.use(() => cues);
if (peaks) wave.use(peaks);

// It opens at a quote like the server's page, so that it can stand at an episode's public address.
useLinks(reading);
useMissingAudio(player);

document.documentElement.classList.add("awake"); // like ui/awake.js on the server's pages
