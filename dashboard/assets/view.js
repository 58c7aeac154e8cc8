/* What only the browser can do with the page: keep the address bar and the view together, the keyboard, the theme.
   The server decides what is shown; every link it makes ("?era=...") is a view. */
"use strict";

(function () {
  const byId = (id) => document.getElementById(id);

  /* ---------------------------------------------------------------- the address is the view */

  /* Show another view: the address changes, and dcc.Location tells the callbacks. */
  function go(search, replace) {
    const address = window.location.pathname + (search === "?" ? "" : search);
    if (address === window.location.pathname + window.location.search) return;
    window.history[replace ? "replaceState" : "pushState"](null, "", address);
    window.dispatchEvent(new PopStateEvent("popstate"));
  }

  /* A query string with some values first replaced; the window stands first, as the server writes it. */
  function query(asked, values) {
    const all = new URLSearchParams();
    ["from", "to"].forEach((name) => { if (values[name]) all.append(name, values[name]); });
    asked.forEach((value, name) => all.append(name, value));
    Object.entries(values).forEach(([name, value]) => { if (name !== "from" && name !== "to") all.append(name, value); });
    const text = all.toString();
    return "?" + text;
  }

  function trouble(text) {
    const place = byId("trouble");
    if (place && place.textContent !== text) place.textContent = text;
  }

  document.addEventListener("click", function (event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const row = event.target.closest("tr[data-event]");
    const link = event.target.closest("a[href^='?']") || (row && !event.target.closest("a, button") && row.querySelector("a"));
    if (!link) return;
    event.preventDefault();
    go(link.getAttribute("href"), Boolean(link.closest(".zoom")));
  });

  /* ---------------------------------------------------------------- the search box */

  const TYPED = 300; // ms after the last key until the view follows
  let typing = null;

  function box() {
    const made = document.createElement("input");
    Object.assign(made, { id: "search", type: "search", maxLength: 200, placeholder: "Search title, sentence, actor, place …" });
    made.setAttribute("autocomplete", "off");
    made.addEventListener("input", () => {
      clearTimeout(typing);
      typing = setTimeout(find, TYPED);
    });
    made.addEventListener("keydown", (event) => {
      if (event.key === "Escape") made.value = "";
      if (event.key === "Enter" || event.key === "Escape") made.blur();
    });
    made.addEventListener("blur", () => {
      find();
      fill();
    });
    byId("box").replaceChildren(made);
    fill();
  }

  /* What is typed becomes the view; the window moves to what it finds. Typing on makes no new step of the history. */
  function find() {
    clearTimeout(typing);
    typing = null;
    const asked = new URLSearchParams(window.location.search);
    const before = asked.get("q") || "";
    const words = byId("search").value.trim();
    if (words === before) return;
    ["q", "from", "to"].forEach((name) => asked.delete(name));
    go(query(asked, words ? { q: words } : {}), Boolean(before && words));
  }

  /* The box says what the address asks for, but never against the hand that types in it. */
  function fill() {
    const place = byId("search");
    if (place && document.activeElement !== place && !typing) place.value = new URLSearchParams(window.location.search).get("q") || "";
  }
  window.addEventListener("popstate", fill);

  /* A tick box of the filters is a link; the space bar ticks it all the same. */
  document.addEventListener("keydown", function (event) {
    if (event.key !== " " || !event.target.matches("a[role=checkbox], a[role=radio]")) return;
    event.preventDefault();
    event.target.click();
  });

  /* ---------------------------------------------------------------- theme */

  const THEMES = ["auto", "light", "dark"];
  const NAMES = { auto: "as the system has it", light: "light", dark: "dark" };

  function theme() {
    return document.documentElement.dataset.theme || "auto";
  }

  function isDark() {
    return theme() === "dark" || (theme() === "auto" && window.matchMedia("(prefers-color-scheme: dark)").matches);
  }

  function turn(name) {
    if (name === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = name;
    store("theme", name);
    const button = byId("theme");
    if (button) {
      button.setAttribute("aria-label", "Colours: " + NAMES[name] + ". Change");
      button.title = "Colours: " + NAMES[name];
    }
    if (window.timelinePlot) window.timelinePlot.redraw();
  }

  function store(name, value) {
    try {
      window.localStorage.setItem("timeline." + name, value);
    } catch (error) { /* a browser that keeps nothing */ }
  }

  function stored(name) {
    try {
      return window.localStorage.getItem("timeline." + name);
    } catch (error) {
      return null;
    }
  }

  /* ---------------------------------------------------------------- keyboard */

  function press(id) {
    const link = byId(id);
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

  function lane(down) {
    const event = window.timelinePlot.otherLane(down);
    if (!event) return;
    const asked = new URLSearchParams(window.location.search);
    asked.delete("event");
    asked.delete("mention");
    go(query(asked, { event }), false);
  }

  function era(by) {
    const links = Array.from(document.querySelectorAll("#era a"));
    if (!links.length) return;
    const chosen = new URLSearchParams(window.location.search).getAll("era");
    const now = links.findIndex((link) => chosen.includes(link.dataset.value));
    const next = now < 0 ? (by > 0 ? 0 : links.length - 1) : now + by;
    const asked = new URLSearchParams(window.location.search);
    ["era", "from", "to"].forEach((name) => asked.delete(name));
    if (links[next]) go(query(asked, { era: links[next].dataset.value }), false);
    else go(query(asked, {}), false);
  }

  function dialog(id, open) {
    const box = byId(id);
    if (!box) return;
    const show = open === undefined ? !box.open : open;
    if (show && !box.open) box.showModal();
    if (!show && box.open) box.close();
  }

  function focusOn(selector) {
    const place = document.querySelector(selector);
    if (place) place.focus();
    return Boolean(place);
  }

  function filters() {
    byId("filters").open = true;
    focusOn("#filters a");
  }

  const KEYS = {
    "/": () => byId("search").focus(),
    "?": () => dialog("help"),
    Escape: () => press("close"),
    ArrowLeft: () => step(-1),
    ArrowRight: () => step(1),
    ArrowUp: () => lane(false),
    ArrowDown: () => lane(true),
    Enter: () => focusOn(".reading .text"),
    "+": () => window.timelinePlot.zoomIn(),
    "=": () => window.timelinePlot.zoomIn(),
    "-": () => window.timelinePlot.zoomOut(),
    0: () => window.timelinePlot.fit(),
    Home: () => window.timelinePlot.fit(),
    "[": () => era(-1),
    "]": () => era(1),
    f: filters,
    t: () => focusOn("tr.selected a") || focusOn("tr[data-event] a"),
    s: take,
    d: () => turn(THEMES[(THEMES.indexOf(theme()) + 1) % THEMES.length]),
  };
  const SHIFTED = { ArrowLeft: () => window.timelinePlot.pan(-0.2), ArrowRight: () => window.timelinePlot.pan(0.2) };

  function isTyping(target) {
    return target.matches("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
  }

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const isLetter = event.key.length === 1;
    const action = (event.shiftKey && SHIFTED[event.key]) || KEYS[event.key];
    if (!action || (isLetter && stored("keys") === "off")) return;
    if (isTyping(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (event.target.closest("dialog")) {
      if (event.key === "?") dialog("help", false);
      return;
    }
    const onControl = event.target.closest("a, button, summary, [role=slider], [tabindex='0']:not(.plot)");
    if (onControl && ["Enter", "ArrowUp", "ArrowDown", "Home"].includes(event.key)) return;
    event.preventDefault();
    action();
  });

  /* ---------------------------------------------------------------- what arrives */

  /* When another sentence is shown, bring it and its row into view. */
  let told = "";
  function bring() {
    const sentence = byId("sentence");
    const shows = sentence && sentence.closest("[data-shows]"); // the address is ahead of the panel
    const now = shows ? shows.dataset.shows : "";
    if (!shows || now === told) { told = now; return; }
    told = now;
    const text = sentence.closest(".text");
    text.scrollTop += sentence.getBoundingClientRect().top - text.getBoundingClientRect().top - text.clientHeight / 4;
    const row = document.querySelector("tr.selected");
    if (row && window.innerWidth > 700) row.scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("click", function (event) {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.id === "theme") turn(THEMES[(THEMES.indexOf(theme()) + 1) % THEMES.length]);
    if (button.dataset.opens) dialog(button.dataset.opens, true);
    if (button.dataset.closes) dialog(button.dataset.closes, false);
    if (button.dataset.zoom) window.timelinePlot[button.dataset.zoom]();
    if (button.dataset.copies) copy(button);
    if (button.id === "take") take();
    if (button.id === "filtered") {
      byId("filters").open = false;
      byId("count").scrollIntoView();
    }
    if (button.dataset.scope) narrow(button.dataset.scope);
    if (button.dataset.picture) {
      window.timelinePlot.picture(button.dataset.picture, document.querySelector(".scopes [aria-pressed=true]").dataset.scope);
    }
    if (button.id === "single-keys") letters(stored("keys") === "off");
  });

  /* The dialog is filled when it opens, so its numbers are those of this moment. */
  async function take() {
    try {
      const answer = await fetch("formats" + window.location.search);
      if (!answer.ok) throw new Error(answer.statusText);
      delete painted.export;
      paint({ export: await answer.text() });
      dialog("export", true);
    } catch (error) {
      trouble("The timeline's server does not answer; is `timeline serve` still running?");
    }
  }

  function narrow(scope) {
    document.querySelectorAll(".scopes button").forEach((one) => one.setAttribute("aria-pressed", String(one.dataset.scope === scope)));
    document.querySelectorAll(".offers a").forEach((link) => {
      link.setAttribute("href", link.getAttribute("href").replace(/([?&]scope=)\w+/, "$1" + scope));
    });
  }

  function letters(on) {
    store("keys", on ? "on" : "off");
    byId("single-keys").setAttribute("aria-checked", String(on));
  }

  async function copy(button) {
    const text = byId(button.dataset.copies).textContent;
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch (error) {
      window.getSelection().selectAllChildren(byId(button.dataset.copies));
      button.textContent = "Selected; copy with Ctrl+C";
    }
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  }

  /* ---------------------------------------------------------------- what the server tells */

  /* Makes the children of a place like fresh ones and leaves alone what is the same: focus, scrolling and what somebody
     has unfolded stay. Rows of events are told by their event, all else by its order. */
  function morph(place, fresh) {
    const key = (node) => (node.dataset ? node.dataset.event : undefined);
    const after = Array.from(fresh.childNodes);
    const stays = new Set(after.map(key).filter(Boolean));
    Array.from(place.childNodes).forEach((node) => { if (key(node) && !stays.has(key(node))) node.remove(); });
    const known = new Map(Array.from(place.childNodes).filter(key).map((node) => [key(node), node]));
    let next = place.firstChild;
    after.forEach((node) => {
      const old = key(node) ? known.get(key(node)) : next && !key(next) ? next : null;
      if (!old) place.insertBefore(node, next);
      else if (old.nodeName !== node.nodeName || old.id !== node.id) {
        next = old.nextSibling;
        old.replaceWith(node);
      } else {
        if (old === next) next = old.nextSibling;
        else place.insertBefore(old, next);
        if (node.nodeType === Node.TEXT_NODE) { if (old.data !== node.data) old.data = node.data; }
        else {
          dress(old, node);
          morph(old, node);
        }
      }
    });
    while (next) {
      const gone = next;
      next = gone.nextSibling;
      gone.remove();
    }
  }

  function dress(old, node) {
    const unfolds = old.matches("dialog, details");
    Array.from(old.attributes).forEach(({ name }) => {
      if (!node.hasAttribute(name) && !(unfolds && name === "open")) old.removeAttribute(name);
    });
    Array.from(node.attributes).forEach(({ name, value }) => {
      if (old.getAttribute(name) !== value && !(unfolds && name === "open")) old.setAttribute(name, value);
    });
  }

  const painted = {}; // the HTML of every place
  function paint(parts) {
    Object.entries(parts || {}).forEach(([id, text]) => {
      const place = byId(id);
      if (!place || painted[id] === text) return;
      painted[id] = text;
      const fresh = document.createElement("template");
      fresh.innerHTML = text;
      morph(place, fresh.content);
      if (id === "count" && place.querySelector("strong")) byId("filtered").textContent = "Show " + place.querySelector("strong").textContent;
    });
  }

  window.timelineView = { go, query, trouble, isDark, dialog, stored, store };

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    view: {
      start: function () {
        box();
        byId("filters").open = window.innerWidth > 700;
        letters(stored("keys") !== "off");
        turn(stored("theme") || "auto");
        return window.dash_clientside.no_update;
      },
      paint: function (parts) {
        paint(parts);
        return window.dash_clientside.no_update;
      },
    },
  });

  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => window.timelinePlot.redraw());
  new MutationObserver(bring).observe(document.documentElement, { childList: true, subtree: true });
})();
