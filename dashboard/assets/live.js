/* When the tables have changed, by whomever, the page shows it: once a second it asks which version there is. */
"use strict";

(function () {
  const EVERY = 1000; // ms
  let shown = null; // the version that the page shows
  let timer = null;

  /* The page shows a version of the tables; Dash then asks for everything that depends on them. */
  function show(version) {
    if (version === shown) return;
    const isFirst = shown === null;
    shown = version;
    window.dash_clientside.set_props("version", { data: version });
    if (!isFirst) document.dispatchEvent(new CustomEvent("tables"));
  }

  async function ask() {
    clearTimeout(timer);
    if (document.hidden || !document.getElementById("panel")) {
      timer = document.hidden ? null : setTimeout(ask, EVERY);
      return;
    }
    try {
      const answer = await fetch("version");
      if (answer.ok) show((await answer.json()).version);
    } catch (error) { /* the server is away; the drawing says so when it is asked for */ }
    timer = setTimeout(ask, EVERY);
  }

  document.addEventListener("visibilitychange", ask);
  window.timelineLive = { show };
  timer = setTimeout(ask, EVERY);
})();
