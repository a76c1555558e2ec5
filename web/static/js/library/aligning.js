// Buttons that have an episode aligned, and show the page anew.

import { send } from "../ui/api.js";

export function useAlignButtons() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button.align");
    if (!button) return;
    button.disabled = true;
    try {
      await send("POST", `/api/episodes/${button.dataset.episode}/align`);
      location.reload();
    } catch (error) {
      const problem = document.createElement("p");
      problem.className = "problem";
      problem.role = "alert";
      problem.textContent = error.message;
      button.replaceWith(problem);
    }
  });
}
