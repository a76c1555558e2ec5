// @ts-check
// A page of an episode without a server: all of it lies within the page, but for the sound.

import "../ui/copying.js";
import "../ui/tips.js";
import { byId } from "../ui/elements.js";
import { useMissingSound } from "../site/missing-sound.js";
import { useLinks } from "./opening.js";
import { openReading } from "./reading.js";

const { cues, peaks } = JSON.parse(byId("standalone-data").textContent ?? "");
const reading = openReading(), { captions, player, wave } = reading;

captions.use(() => cues);
if (peaks) wave.use(peaks);

// It opens at a quote as the server's page does, so that it can be what an episode's public address leads to.
useLinks(reading);
useMissingSound(player);

document.documentElement.classList.add("awake"); // as ui/awake.js does in the server's pages
