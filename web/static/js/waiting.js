// An episode without word times: the job that makes them, until the page can be read.

import { send } from "./api.js";
import { followWork } from "./working.js";

followWork((job) => job.state === "failed" || location.reload());

document.querySelector("button.align")?.addEventListener("click", async ({ target }) => {
  target.disabled = true;
  try {
    await send("POST", `/api/episodes/${target.dataset.episode}/align`);
    location.reload();
  } catch (error) {
    target.insertAdjacentElement("afterend", Object.assign(document.createElement("p"), { className: "problem", textContent: error.message }));
  }
});
