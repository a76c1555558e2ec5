// @ts-check
// Replacing the audio of an episode: uploads the new file, shows the changes, and accepts or drops them.

import { send } from "../ui/api.js";
import { byId, one } from "../ui/elements.js";
import { showError } from "../ui/strings.js";
import { slotsOf, useSlotDrops } from "./slots.js";
import { Uploads } from "./upload.js";
import { followJobs } from "./jobs.js";

followJobs(() => location.reload());
if (document.getElementById("audio-form")) useForm(byId("audio-form", HTMLFormElement));

/** @param {HTMLFormElement} form */
function useForm(form) {
  const uploads = new Uploads(), slot = slotsOf(form, uploads).audio, preview = byId("preview-changes", HTMLButtonElement);
  slot.addEventListener("changed", () => (preview.disabled = slot.state !== "there"));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    preview.disabled = true;
    try {
      await send("POST", `${byId("main").dataset.api}/${await uploads.token()}`);
      location.reload();
    } catch (error) {
      showError(one(form, "#preview-changes + .problem"), error);
      preview.disabled = false;
    }
  });
  useSlotDrops({ audio: slot });
}
