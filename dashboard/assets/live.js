/* When the tables have changed, by whomever, the page shows it: once a second it asks which version there is. */
"use strict";

(function () {
  const EVERY = 1000; // ms
  const PATIENT = 3000; // ms in which what had the focus comes back
  let shown = null; // the version that the page shows
  let timer = null;

  function show(version) {
    if (version === shown || shown === null) return;
    shown = version;
    hold();
    window.dash_clientside.set_props("version", { data: version });
    document.dispatchEvent(new CustomEvent("tables"));
  }

  async function ask() {
    clearTimeout(timer);
    if (document.hidden) return;
    try {
      const answer = await fetch("version");
      if (answer.ok) show((await answer.json()).version);
    } catch (error) { /* the server is away; the drawing says so when it is asked for */ }
    timer = setTimeout(ask, EVERY);
  }

  /* What is drawn anew loses the focus; who works with the keyboard finds it where it was. */
  function hold() {
    const had = document.activeElement;
    const region = had && had.closest("#table, #panel, #filters, #chips");
    if (!region) return;
    const same = ["id", "data-curate", "data-value", "href"].find((name) => had.getAttribute(name));
    if (!same) return;
    const place = "#" + region.id + " [" + same + "='" + CSS.escape(had.getAttribute(same)) + "']";
    const watch = new MutationObserver(() => {
      if (had.isConnected || document.activeElement !== document.body) return;
      const again = document.querySelector(place);
      if (again) again.focus({ preventScroll: true });
    });
    watch.observe(region, { childList: true, subtree: true });
    setTimeout(() => watch.disconnect(), PATIENT);
  }

  document.addEventListener("visibilitychange", ask);
  window.timelineLive = { show };
  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    live: {
      see: function (version) {
        const isFirst = shown === null;
        shown = version;
        if (isFirst) timer = setTimeout(ask, EVERY);
        return window.dash_clientside.no_update;
      },
    },
  });
})();
