/* What only the browser can do: measure itself, keep the address bar and the view together, and the keyboard.
   The server decides what is shown; every link it makes ("?era=...") is a view. */
"use strict";

(function () {
  const SETTLED = 160; // ms after the last turn of the wheel
  let timer = null;
  let asked = null; // the window of the last drawing

  function plot() {
    return document.querySelector("#plot .js-plotly-plot");
  }

  /* Show another view: the address changes, and dcc.Location tells the callbacks. */
  function go(search, replace) {
    const address = window.location.pathname + (search === "?" ? "" : search);
    if (address === window.location.pathname + window.location.search) return;
    window.history[replace ? "replaceState" : "pushState"](null, "", address);
    window.dispatchEvent(new PopStateEvent("popstate"));
  }

  /* The size of the plot, dark or light, and how much wider than Helvetica the letters run. */
  function measured(sample) {
    const box = document.querySelector(".plot").getBoundingClientRect();
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = "12px " + window.getComputedStyle(document.body).fontFamily;
    return {
      sample: sample,
      width: Math.round(box.width),
      height: Math.round(box.height),
      dark: window.matchMedia("(prefers-color-scheme: dark)").matches,
      text: pen.measureText(sample).width,
    };
  }

  function remeasure() {
    const sample = measured.sample;
    if (sample && document.querySelector(".plot")) {
      window.dash_clientside.set_props("viewport", { data: measured(sample) });
    }
  }

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    view: {
      measure: function (_, viewport) {
        measured.sample = viewport.sample;
        document.getElementById("filters").open = window.innerWidth > 700;
        return measured(viewport.sample);
      },

      /* A drawing that arrives while somebody is zooming must not pull the window back. */
      hold: function (drawing) {
        const drawn = plot();
        asked = drawing.layout.xaxis.range;
        if (timer && drawn && drawn.layout && drawn.layout.xaxis) {
          drawing.layout.xaxis.range = drawn.layout.xaxis.range.slice();
        }
        return drawing;
      },

      /* The reader zoomed or panned: once it has settled, the window goes into the address. */
      watch: function (relayout) {
        const moved = relayout && Object.keys(relayout).some((key) => key.startsWith("xaxis.range"));
        if (!moved || String(plot().layout.xaxis.range) === String(asked)) return;
        clearTimeout(timer);
        timer = setTimeout(function () {
          timer = null;
          window.dash_clientside.set_props("window", { data: plot().layout.xaxis.range.slice() });
        }, SETTLED);
      },

      follow: function (step) {
        go(step.search, step.replace);
      },
    },
  });

  document.addEventListener("click", function (event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const row = event.target.closest("tr[data-event]");
    const link = event.target.closest("a[href^='?']") || (row && !event.target.closest("a") && row.querySelector("a"));
    if (!link) return;
    event.preventDefault();
    go(link.getAttribute("href"), Boolean(link.closest(".zoom")));
  });

  /* A tick box of the filters is a link; the space bar ticks it all the same. */
  document.addEventListener("keydown", function (event) {
    if (event.key !== " " || !event.target.matches("a[role=checkbox]")) return;
    event.preventDefault();
    event.target.click();
  });

  function press(id) {
    const link = document.getElementById(id);
    if (link) link.click();
    return Boolean(link);
  }

  /* The event before or after, as the table has them: it is there before the panel has caught up with the last key. */
  function step(by) {
    const links = Array.from(document.querySelectorAll("tr[data-event] a"));
    const event = new URLSearchParams(window.location.search).get("event");
    const now = links.findIndex((link) => link.closest("tr").dataset.event === event);
    if (now < 0) return press(by < 0 ? "previous" : "next") || (links.length && links[0].click());
    if (links[now + by]) links[now + by].click();
  }

  const KEYS = {
    "/": () => document.getElementById("search").focus(),
    "?": () => { const keys = document.getElementById("keys"); keys.open = !keys.open; },
    Escape: () => { document.getElementById("keys").open = false; press("close"); },
    ArrowLeft: () => step(-1),
    ArrowRight: () => step(1),
    "+": () => press("zoom-in"),
    "-": () => press("zoom-out"),
    0: () => press("fit"),
  };

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !KEYS[event.key]) return;
    if (event.target.matches("input[type=search], input[type=text], textarea, select")) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    event.preventDefault();
    KEYS[event.key]();
  });

  /* When another sentence is shown, bring it and its row into view. */
  let told = "";
  function bring() {
    const sentence = document.getElementById("sentence");
    const now = sentence ? window.location.search.replace(/[?&](from|to)=[^&]*/g, "") : "";
    if (!sentence || now === told) { told = now; return; }
    told = now;
    const text = sentence.closest(".text");
    text.scrollTop += sentence.getBoundingClientRect().top - text.getBoundingClientRect().top - text.clientHeight / 4;
    const row = document.querySelector("tr.selected");
    if (row && window.innerWidth > 700) row.scrollIntoView({ block: "nearest" });
  }

  /* A double click fits the whole period. Only plotly knows of it: it lays a sheet over the page during a click. */
  function listen() {
    const drawn = plot();
    if (!drawn || !drawn.on || drawn.listening) return;
    drawn.listening = true;
    drawn.on("plotly_doubleclick", () => press("fit"));
  }

  let resized = null;
  window.addEventListener("resize", function () {
    clearTimeout(resized);
    resized = setTimeout(remeasure, 150);
  });
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", remeasure);
  new MutationObserver(function () {
    bring();
    listen();
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
