// @ts-check
// Another sound for an episode: sent, what would move by it shown, and taken or left.

import { send } from "../ui/api.js";
import { tellError } from "../ui/connection.js";
import { byId } from "../ui/elements.js";
import { useDrops } from "../ui/dropping.js";
import { announce, t } from "../ui/strings.js";
import { kindOf, slotsOf } from "./slots.js";
import { Uploads } from "./upload.js";
import { followWork } from "./working.js";

const episode = `/api/episodes/${byId("main").dataset.episode}`;
const api = `${episode}/sound`;
followWork(() => location.reload());

/**
 * Does what a button asks for, if it is there, and shows the page anew; errors are told beside it.
 * @param {string} id
 * @param {string} problem
 * @param {() => Promise<unknown>} act
 */
function onClick(id, problem, act) {
  if (!document.getElementById(id)) return;
  const button = byId(id, HTMLButtonElement);
  button.disabled = false;
  button.addEventListener("click", async (event) => {
    event.preventDefault();
    button.disabled = true;
    byId(problem).hidden = true;
    try {
      await act();
      location.reload();
    } catch (error) {
      tellError(byId(problem), error);
      button.disabled = false;
    }
  });
}
onClick("take", "take-problem", () => send("POST", api, { take: true }));
onClick("leave", "take-problem", () => send("DELETE", api));
onClick("look-earlier", "earlier-problem", () => send("POST", `${episode}/earlier-sound`));
onClick("look-there", "there-problem", () => send("POST", api, { take: false }));

if (document.getElementById("sound-form")) {
  const uploads = new Uploads();
  const slot = slotsOf(byId("sound-form", HTMLFormElement), uploads).audio;
  onClick("look", "look-problem", async () => send("POST", `${api}/${await uploads.token()}`));
  const look = byId("look", HTMLButtonElement);
  look.disabled = true; // until a sound is there
  slot.addEventListener("arrived", () => (look.disabled = false));
  for (const name of ["began", "failed", "emptied"]) slot.addEventListener(name, () => (look.disabled = true));
  useDrops((files) => {
    for (const file of files) {
      if (kindOf(file) === "audio") slot.take(file);
      else announce(t("add.unknown", { name: file.name }));
    }
  });
}
