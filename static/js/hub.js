// Small improvements for every page; nothing here is needed to use the site.
(function () {
  "use strict";

  // Whoever sent a form with mistakes hears and sees them first.
  var summary = document.querySelector("[data-error-summary]");
  if (summary) {
    summary.focus();
  }

  // A button that shows what was typed as a password.
  document.querySelectorAll('input[type="password"]').forEach(function (input) {
    var button = document.createElement("button");
    button.type = "button";
    button.className = "hub-show-password";
    button.textContent = "Show";
    button.setAttribute("aria-label", "Show password");
    button.setAttribute("aria-controls", input.id);
    button.addEventListener("click", function () {
      var hidden = input.type === "password";
      input.type = hidden ? "text" : "password";
      button.textContent = hidden ? "Hide" : "Show";
      button.setAttribute("aria-label", hidden ? "Hide password" : "Show password");
    });
    var row = document.createElement("div");
    row.className = "hub-password";
    input.replaceWith(row);
    row.append(input, button);
    // A password is never sent as plain text, which browsers would remember.
    input.form.addEventListener("submit", function () {
      input.type = "password";
    });
  });
})();
