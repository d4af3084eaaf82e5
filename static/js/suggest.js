// Suggests words, values and pages while someone types: an ARIA combobox with a list box.
(function () {
  "use strict";

  var WAIT = 150;
  var KINDS = { title: "Page", word: "Search" };
  var box = document.querySelector("[data-suggest]");
  if (!box || !window.fetch) {
    return;
  }
  var input = box.querySelector("input");
  var form = input.form;
  var list = document.createElement("ul");
  var status = document.createElement("p");
  var timer = null;
  var running = null;
  var options = [];
  var active = -1;

  list.id = "find-suggestions";
  list.className = "find-suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  status.className = "nhsuk-u-visually-hidden";
  status.setAttribute("role", "status");
  box.append(list, status);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");

  function close() {
    clearTimeout(timer);
    if (running) {
      running.abort();
    }
    list.hidden = true;
    options = [];
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function ask() {
    var typed = input.value.trim();
    if (typed.length < 2) {
      close();
      status.textContent = "";
      return;
    }
    if (running) {
      running.abort();
    }
    running = new AbortController();
    fetch(box.dataset.suggest + "&q=" + encodeURIComponent(typed), {
      signal: running.signal,
      credentials: "same-origin",
    })
      .then(function (response) {
        return response.ok ? response.json() : { suggestions: [] };
      })
      .then(function (answer) {
        if (document.activeElement === input && input.value.trim() === typed) {
          show(answer.suggestions);
        }
      })
      .catch(function () {
        // Suggestions only help; without them the box is a plain one.
      });
  }

  function show(suggestions) {
    options = suggestions;
    active = -1;
    input.removeAttribute("aria-activedescendant");
    list.replaceChildren.apply(list, suggestions.map(option));
    list.hidden = !suggestions.length;
    input.setAttribute("aria-expanded", String(Boolean(suggestions.length)));
    status.textContent =
      suggestions.length === 1
        ? "1 suggestion, use the down arrow"
        : suggestions.length
          ? suggestions.length + " suggestions, use the down arrow"
          : "";
  }

  function option(suggestion, index) {
    var item = document.createElement("li");
    var label = document.createElement("span");
    var kind = document.createElement("span");
    item.id = "find-suggestion-" + index;
    item.className = "find-suggestions__option";
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    label.textContent = suggestion.label;
    kind.className = "find-suggestions__kind";
    kind.textContent = suggestion.detail || KINDS[suggestion.kind] || "";
    item.append(label, kind);
    // On pressing, not on releasing: the box would lose focus and close the list first.
    item.addEventListener("mousedown", function (event) {
      event.preventDefault();
      choose(index);
    });
    return item;
  }

  function move(step) {
    if (!options.length) {
      return;
    }
    active = (active + step + options.length + (active < 0 && step < 0 ? 1 : 0)) % options.length;
    Array.from(list.children).forEach(function (item, index) {
      item.setAttribute("aria-selected", String(index === active));
    });
    input.setAttribute("aria-activedescendant", "find-suggestion-" + active);
    list.children[active].scrollIntoView({ block: "nearest" });
  }

  // A value that this page can tick is ticked, words are searched for, a page is opened.
  function choose(index) {
    var suggestion = options[index];
    close();
    status.textContent = "";
    var tick = suggestion.kind === "facet" && findTick(suggestion.query);
    if (tick) {
      input.value = "";
      open(tick);
      if (tick.checked) {
        form.requestSubmit();
      } else {
        tick.click();
      }
    } else if (suggestion.kind === "word") {
      input.value = suggestion.label;
      form.requestSubmit();
    } else {
      window.location.assign(suggestion.url || form.getAttribute("action") + suggestion.query);
    }
  }

  // The box of the value that a search such as "?region=london" asks for.
  function findTick(query) {
    var asked = new URLSearchParams(query).entries().next().value;
    return Array.from(form.elements).find(function (control) {
      return (
        asked && control.name === asked[0] && control.value === asked[1] && !control.disabled
      );
    });
  }

  function open(tick) {
    for (var panel = tick.closest("details"); panel; panel = panel.parentElement.closest("details")) {
      panel.open = panel.id !== "find-filters" || panel.open;
    }
  }

  input.addEventListener("input", function () {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", function (event) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden) {
        ask();
      } else {
        move(event.key === "ArrowDown" ? 1 : -1);
      }
      event.preventDefault();
    } else if (event.key === "Enter") {
      if (active >= 0) {
        event.preventDefault();
        choose(active);
      } else {
        close();
      }
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (event.key === "Tab") {
      close();
    }
  });
})();
