// Changes the results of a search without a reload: asks the server for the same address as a
// plain form would, and takes over the parts of the answer that changed.
(function () {
  "use strict";

  var root = document.querySelector("[data-find]");
  if (!root || !window.fetch || !window.AbortController) {
    return;
  }
  var form = root.querySelector("form");
  var status = root.querySelector("[data-find-status]");
  var running = null;

  // Every tick applies at once, so there is nothing left to apply.
  root.querySelectorAll("[data-apply]").forEach(function (button) {
    button.hidden = true;
  });
  var filters = document.getElementById("find-filters");
  if (window.matchMedia("(min-width: 60em)").matches) {
    filters.open = true;
  }

  // The address of what the form holds, without what is empty.
  function addressOfForm() {
    var parameters = new URLSearchParams();
    new FormData(form).forEach(function (value, name) {
      if (value.trim()) {
        parameters.append(name, value.trim());
      }
    });
    var query = parameters.toString();
    return form.getAttribute("action") + (query ? "?" + query : "");
  }

  function find(address, settings) {
    if (running) {
      running.abort();
    }
    var mine = (running = new AbortController());
    results().setAttribute("aria-busy", "true");
    fetch(address, { signal: mine.signal, credentials: "same-origin" })
      .then(function (response) {
        if (!response.ok || !/^text\/html/.test(response.headers.get("Content-Type"))) {
          throw new Error("no page of results");
        }
        return response.text();
      })
      .then(function (text) {
        if (mine.signal.aborted) {
          return;
        }
        var fresh = new DOMParser().parseFromString(text, "text/html");
        if (!fresh.querySelector("[data-find]")) {
          throw new Error("another page");
        }
        if (settings.push) {
          history.pushState({}, "", address);
        }
        show(fresh, settings);
      })
      .catch(function (problem) {
        if (problem.name !== "AbortError") {
          window.location.assign(address);
        }
      });
  }

  function results() {
    return document.getElementById("find-results");
  }

  function show(fresh, settings) {
    document.title = fresh.title;
    var sentence = document.getElementById("find-sentence");
    sentence.textContent = fresh.getElementById("find-sentence").textContent;
    var text = form.elements.q;
    if (document.activeElement !== text || settings.focus) {
      text.value = fresh.getElementById("find-text").value;
    }
    showFacets(fresh);
    var order = document.activeElement && document.activeElement.id === "find-sort";
    results().replaceWith(document.adoptNode(fresh.getElementById("find-results")));
    refreshAlternate(fresh);
    if (settings.focus) {
      sentence.focus();
      sentence.scrollIntoView();
    } else if (order && document.getElementById("find-sort")) {
      document.getElementById("find-sort").focus();
    }
    // Focus on the sentence reads it out already.
    status.textContent = settings.focus ? "" : sentence.textContent;
  }

  // Rows are changed where they stand, so that focus, open groups and scrolling stay.
  function showFacets(fresh) {
    fresh.querySelectorAll(".find-facet").forEach(function (panel) {
      var mine = document.getElementById(panel.id);
      if (!mine || !sameRows(mine, panel)) {
        replaceValues(mine, panel);
        return;
      }
      var rows = mine.querySelectorAll("label");
      panel.querySelectorAll("label").forEach(function (row, index) {
        copyRow(row, rows[index]);
      });
      mine.querySelector("[data-chosen]").textContent =
        panel.querySelector("[data-chosen]").textContent;
    });
    var summary = fresh.querySelector(".find-filters__summary");
    filters.querySelector(".find-filters__summary").innerHTML = summary.innerHTML;
  }

  function values(panel) {
    return Array.from(panel.querySelectorAll("label input"), function (input) {
      return input.value;
    }).join();
  }

  function sameRows(mine, panel) {
    return values(mine) === values(panel);
  }

  function copyRow(from, to) {
    var box = to.querySelector("input");
    box.checked = from.querySelector("input").checked;
    box.disabled = from.querySelector("input").disabled;
    to.querySelector(".find-count").textContent = from.querySelector(".find-count").textContent;
    if (box.checked) {
      bringIntoSight(box);
    }
  }

  // What is chosen is always in sight, whatever was closed before.
  function bringIntoSight(box) {
    var around = box.closest("details");
    while (around && around !== filters) {
      around.open = true;
      around = around.parentElement.closest("details");
    }
  }

  function replaceValues(mine, panel) {
    panel = document.adoptNode(panel);
    if (mine) {
      panel.open = mine.open;
      mine.replaceWith(panel);
    } else {
      filters.append(panel);
    }
  }

  function refreshAlternate(fresh) {
    var old = document.querySelector('link[type="application/atom+xml"]');
    var now = fresh.querySelector('link[type="application/atom+xml"]');
    if (old && now) {
      old.href = now.getAttribute("href");
      old.title = now.title;
    }
  }

  form.addEventListener("change", function (event) {
    // Ticks for the comparison and the words being typed wait for their own button.
    if (event.target.form === form && event.target.name !== "q" && event.target.name) {
      find(addressOfForm(), { push: true });
    }
  });

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    find(addressOfForm(), { push: true });
  });

  root.addEventListener("click", function (event) {
    var link = event.target.closest("a[data-find-link], .hub-pagination a");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) {
      return;
    }
    event.preventDefault();
    find(link.getAttribute("href"), { push: true, focus: true });
  });

  window.addEventListener("popstate", function () {
    find(window.location.pathname + window.location.search, { push: false, focus: true });
  });

  // A long facet gets a box that leaves only the rows with what is typed.
  root.querySelectorAll("[data-long]").forEach(function (panel) {
    var box = document.createElement("input");
    box.type = "search";
    box.className = "nhsuk-input find-facet__filter";
    box.autocomplete = "off";
    box.placeholder = "Find in this list";
    box.setAttribute("aria-label", "Find in the list: " + panel.querySelector("legend").textContent);
    panel.querySelector("ul").before(box);
    box.addEventListener("input", function () {
      narrow(panel, box.value.trim().toLowerCase());
    });
    box.addEventListener("keydown", function (event) {
      if (event.key === "Enter") {
        event.preventDefault();
      }
    });
  });

  function narrow(panel, typed) {
    panel.querySelectorAll("li").forEach(function (item) {
      var rows = Array.from(item.querySelectorAll("label"));
      item.hidden = !rows.some(function (row) {
        return row.textContent.toLowerCase().includes(typed) || row.querySelector(":checked");
      });
    });
    panel.querySelectorAll(".find-group").forEach(function (group) {
      group.hidden = !group.querySelector("li:not([hidden])");
      group.open = Boolean(typed) || Boolean(group.querySelector(":checked"));
    });
  }
})();
