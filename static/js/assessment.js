// Saves an answer as soon as it is given, and counts the time down. Everything here also works
// without: the form saves by its own button, and the server's clock decides.
(function () {
  "use strict";

  var FIRST_DELAY = 3000;
  var LONGEST_DELAY = 60000;
  var PATIENCE = 10000;

  function freshKey() {
    if (window.crypto.randomUUID) {
      return window.crypto.randomUUID();
    }
    var bytes = window.crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    var hex = Array.from(bytes, function (byte) {
      return byte.toString(16).padStart(2, "0");
    }).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  // A page that comes back from the browser's memory carries a key that may be used already.
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) {
      document.querySelectorAll('input[name="key"]').forEach(function (input) {
        input.value = freshKey();
      });
    }
  });

  function saveInBackground(form) {
    var status = form.querySelector("[data-answer-status]");
    var key = form.querySelector('input[name="key"]');
    var isChanged = false; // something is there that no answer of the server has confirmed
    var isEnded = false;
    var running = null;
    var timer = 0;
    var delay = FIRST_DELAY;

    function say(words) {
      if (status.textContent !== words) {
        status.textContent = words;
      }
    }

    function isComplete() {
      var fields = Array.from(form.elements);
      var boxes = fields.filter(function (field) {
        return field.type === "radio" || field.type === "checkbox";
      });
      var others = fields.filter(function (field) {
        return field.type === "select-one" || field.type === "text";
      });
      return (
        (!boxes.length || boxes.some(function (box) { return box.checked; })) &&
        others.every(function (field) { return field.value.trim(); })
      );
    }

    function later() {
      isChanged = true;
      say("Not saved yet. We will try again when we can reach the hub.");
      clearTimeout(timer);
      timer = setTimeout(save, delay);
      delay = Math.min(delay * 2, LONGEST_DELAY);
    }

    function hear(response) {
      if (response.status === 204) {
        delay = FIRST_DELAY;
        say(isChanged ? "" : "Saved");
        return null;
      }
      if (response.status === 409 || response.status === 422) {
        isEnded = response.status === 409;
        return response.json().then(function (answer) {
          say("Not saved. " + answer.error);
        });
      }
      if (response.type === "opaqueredirect" || response.status === 403) {
        // Signed out: the form's own button leads to signing in.
        say("Not saved. You may have been signed out. Sign in again in another tab.");
        return null;
      }
      throw new Error("not saved");
    }

    // One at a time, so that the last answer given is the last one saved.
    function save() {
      clearTimeout(timer);
      if (running || !isChanged || isEnded) {
        return;
      }
      if (!isComplete()) {
        say("Not saved yet. Your answer is not complete.");
        return;
      }
      isChanged = false;
      var stop = new AbortController();
      var clock = setTimeout(function () { stop.abort(); }, PATIENCE);
      running = fetch(form.action, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        credentials: "same-origin",
        headers: { Accept: "application/json" },
        keepalive: true,
        redirect: "manual",
        signal: stop.signal,
      })
        .then(hear)
        .catch(later)
        .then(function () {
          clearTimeout(clock);
          running = null;
          if (isChanged && delay === FIRST_DELAY) {
            save();
          }
        });
    }

    function change(wait) {
      key.value = freshKey(); // a new answer, even where it was given once before
      isChanged = true;
      say("");
      clearTimeout(timer);
      timer = setTimeout(save, wait);
    }

    form.addEventListener("change", function () { change(0); });
    form.addEventListener("input", function (event) {
      if (event.target.type === "text") {
        change(800);
      }
    });
    window.addEventListener("online", function () {
      delay = FIRST_DELAY;
      save();
    });
    form.addEventListener("submit", function (event) {
      clearTimeout(timer);
      isChanged = false;
      if (running) {
        // An older answer must not arrive after this one.
        event.preventDefault();
        running.then(function () { form.requestSubmit(event.submitter); });
      }
    });
  }

  function countDown(box) {
    var endsAt = Date.now() + Number(box.dataset.secondsLeft) * 1000;
    var shown = box.querySelector("[data-time-left]");
    var announcement = box.querySelector("[data-time-announcement]");
    var marks = [10, 5, 1];
    var clock = setInterval(tick, 1000);

    function minutes(count) {
      return count === 1 ? "1 minute" : count + " minutes";
    }

    function tick() {
      var seconds = Math.max(0, Math.ceil((endsAt - Date.now()) / 1000));
      shown.textContent = seconds >= 60
        ? "You have " + minutes(Math.ceil(seconds / 60)) + " left."
        : "You have less than a minute left.";
      if (seconds <= marks[0] * 60 && seconds > 0) {
        while (marks.length && seconds <= marks[0] * 60) {
          announcement.textContent = "You have " + minutes(marks.shift()) + " left.";
        }
      }
      if (seconds === 0) {
        clearInterval(clock);
        shown.textContent = "";
        announcement.textContent = "Time is up. What you saved before counts.";
        box.querySelector("[data-time-up]").hidden = false;
      }
    }

    while (marks.length && Number(box.dataset.secondsLeft) < marks[0] * 60) {
      marks.shift(); // passed before this page opened
    }
    tick();
  }

  var form = document.querySelector("[data-answer-form]");
  if (form && window.fetch && window.AbortController && form.requestSubmit) {
    saveInBackground(form);
  }
  document.querySelectorAll("[data-seconds-left]").forEach(countDown);
})();
