// Improves the page of a study: a button that copies the citation.
(function () {
  "use strict";

  const button = document.querySelector("[data-copy]");
  if (!button || !navigator.clipboard) {
    return; // the text can be selected by hand
  }
  const source = document.getElementById(button.dataset.copy);
  const report = document.querySelector("[data-copied]");

  button.hidden = false;
  button.addEventListener("click", async function () {
    try {
      await navigator.clipboard.writeText(source.textContent.trim());
      report.textContent = "Citation copied.";
    } catch {
      window.getSelection().selectAllChildren(source);
      report.textContent = "Your browser did not let us copy. The citation is selected for you.";
    }
  });
})();
