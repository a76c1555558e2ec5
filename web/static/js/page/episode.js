// The page of an episode: reading along, with captions and waveform from the server.

import { get } from "../ui/api.js";
import { useMenu } from "../ui/menus.js";
import { Preparing } from "./preparing.js";
import { captions, data, wave } from "./reading.js";
import { followWork } from "../library/working.js";

captions.use(() => get(`/api/episodes/${data.id}/cues`));
new Preparing(document.getElementById("sound"), wave, data.id);
useMenu(document.querySelector(".menu"));
followWork(({ kind, state }) => { if (kind === "align" && state === "done") location.reload(); });
