// @ts-check
// The order of a list: choosing another one shows the list in it.

/** The select is not there where there is nothing to arrange. */
export function useSorting() {
  const select = document.getElementById("sort");
  if (!(select instanceof HTMLSelectElement)) return;
  const arrange = () => select.value === select.dataset.shown || select.form?.requestSubmit();
  select.addEventListener("change", arrange);
  // A page that is shown again, by the button that leads back, is as it was left: with the order that led away from it.
  addEventListener("pageshow", ({ persisted }) => { if (persisted) select.value = select.dataset.shown ?? ""; });
  arrange(); // chosen before the script was there
}
