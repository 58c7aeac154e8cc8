/* When the tables have changed, by whomever, the page shows it: once a second it asks which version there is, and more
   often while somebody decides. */
"use strict";

(function () {
  const EVERY = 1000; // ms
  const OFTEN = 300; // ms, for a while after a change: one decision seldom comes alone
  const A_WHILE = 120000; // ms
  let shown = null; // the version that the page shows
  let changed = -Infinity; // when
  let timer = null;

  function show(version) {
    if (version === shown || shown === null) return;
    shown = version;
    changed = performance.now();
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
    timer = setTimeout(ask, performance.now() - changed < A_WHILE ? OFTEN : EVERY);
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
