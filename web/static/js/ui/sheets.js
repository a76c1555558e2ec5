// On narrow screens the side columns are sheets that buttons open and close.

export function useSheets(buttons) {
  const close = (button) => {
    delete sheetOf(button).dataset.open;
    button.setAttribute("aria-expanded", "false");
  };
  const sheetOf = (button) => document.getElementById(button.dataset.sheet);
  const open = (button) => {
    for (const other of buttons) if (other !== button) close(other);
    sheetOf(button).dataset.open = "";
    button.setAttribute("aria-expanded", "true");
    sheetOf(button).querySelector("input, a, button")?.focus();
  };
  const isOpen = (button) => button.offsetParent !== null && "open" in sheetOf(button).dataset;
  for (const button of buttons) {
    // What a link leads to is not to be looked for under the sheet.
    sheetOf(button).addEventListener("click", ({ target }) => {
      if (!isOpen(button) || !target.closest('a[href^="#"]')) return;
      button.focus();
      close(button);
    });
    button.addEventListener("click", () => ("open" in sheetOf(button).dataset ? close(button) : open(button)));
    sheetOf(button).addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented || !("open" in sheetOf(button).dataset)) return;
      close(button);
      button.focus();
    });
  }
  // Opens the sheet of that id, where it is one at all.
  return (id) => {
    const button = buttons.find((b) => b.dataset.sheet === id);
    if (button && button.offsetParent !== null && !isOpen(button)) open(button);
  };
}
