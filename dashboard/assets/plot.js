/* The plot and the overview strip under it. The server draws (routes "scene" and "overview"); here is only what a hand
   does: wheel, drag, brush. One request is under way at a time and the newest wish is asked for next, so the answers of
   a fast wheel cannot arrive out of order. */
"use strict";

(function () {
  const SETTLED = 220; // ms after the last movement until the window goes into the address
  const CLOSER = 0.6; // of the window, for one step closer
  const NARROWEST = 14; // days
  const MOVED = 4; // pixels from which a press is a drag
  const CONFIG = { displayModeBar: false, doubleClick: false, scrollZoom: false, showTips: false, responsive: false };
  let sample = ""; // the text whose width says how wide letters run
  let search = ""; // of the view
  let scene = null; // what is drawn
  let strip = null; // what the overview shows
  let wish = null; // the window wished for, [start, end]; null: the view's own
  let busy = false;
  let again = false;
  let settling = null;
  let seen = ""; // the filters that the overview was made for
  let panned = 0; // when a drag ended
  let drawings = 0;
  let asFor = ""; // the size that was last asked for

  const byId = (id) => document.getElementById(id);
  const view = () => window.timelineView;

  /* ---------------------------------------------------------------- drawing */

  function measured() {
    const box = byId("plot").getBoundingClientRect();
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = "12px " + window.getComputedStyle(document.body).fontFamily;
    return {
      w: Math.round(box.width),
      h: Math.round(box.height),
      dark: view().isDark() ? 1 : 0,
      text: pen.measureText(sample).width.toFixed(2),
    };
  }

  function address() {
    const asked = new URLSearchParams(search);
    const size = measured();
    asFor = size.w + "x" + size.h;
    Object.entries(size).forEach(([name, value]) => asked.set(name, value));
    if (wish) {
      asked.set("start", wish[0].toFixed(3));
      asked.set("end", wish[1].toFixed(3));
    }
    return "scene?" + asked;
  }

  function plotly() {
    if (window.Plotly) return Promise.resolve();
    const script = document.querySelector("script[src*='plotly-']");
    return new Promise((resolve) => script.addEventListener("load", resolve, { once: true }));
  }

  async function draw() {
    if (!byId("plot") || byId("plot").clientWidth === 0) return; // a small screen shows the list alone
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    try {
      do {
        again = false;
        const answer = await fetch(address());
        if (!answer.ok) throw new Error(answer.statusText);
        const [next] = await Promise.all([answer.json(), plotly()]);
        await show(next);
      } while (again);
      view().trouble("");
    } catch (error) {
      view().trouble("The timeline's server does not answer; is `timeline serve` still running?");
    } finally {
      busy = false;
    }
  }

  async function show(next) {
    const plot = byId("plot");
    const isFirst = !scene;
    scene = next;
    hide();
    next.layout.meta = { rid: ++drawings, win: next.window }; // so that a script can wait for the next drawing
    await window.Plotly.react(plot, next.data, next.layout, CONFIG);
    plot.dataset.window = next.window.map(Math.round).join("/");
    if (isFirst) {
      plot.on("plotly_relayout", relaid);
      plot.on("plotly_click", clicked);
      plot.on("plotly_hover", () => plot.classList.add("pointing"));
      plot.on("plotly_unhover", () => plot.classList.remove("pointing"));
    }
    brush();
  }

  /* ---------------------------------------------------------------- the window */

  function current() {
    return wish || (scene || strip || {}).window || null;
  }

  function within([start, end]) {
    const [first, last] = (scene || strip).reach;
    const width = Math.min(Math.max(end - start, NARROWEST), last - first);
    const middle = (start + end) / 2;
    const left = Math.min(Math.max(middle - width / 2, first), last - width);
    return [left, left + width];
  }

  function move(start, end) {
    wish = within([start, end]);
    brush();
    draw();
    clearTimeout(settling);
    settling = setTimeout(settle, SETTLED);
  }

  /* A script that moves the axis, as plotly lets it, moves the window. */
  function relaid(changed) {
    const range = changed["xaxis.range"] || [changed["xaxis.range[0]"], changed["xaxis.range[1]"]];
    if (range.every((day) => typeof day === "number")) move(range[0], range[1]);
  }

  function settle() {
    clearTimeout(settling);
    if (!wish) return;
    const asked = new URLSearchParams(window.location.search);
    asked.delete("from");
    asked.delete("to");
    view().go(view().query(asked, { from: iso(wish[0]), to: iso(wish[1]) }), true);
  }

  /* A day number as an ISO day with an astronomical year, as the server writes it. */
  function iso(day) {
    const z = Math.round(day) + 305;
    const era = Math.floor(z / 146097);
    const doe = z - era * 146097;
    const yoe = Math.floor((doe - Math.floor(doe / 1460) + Math.floor(doe / 36524) - Math.floor(doe / 146096)) / 365);
    const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100));
    const mp = Math.floor((5 * doy + 2) / 153);
    const month = mp < 10 ? mp + 3 : mp - 9;
    const year = yoe + era * 400 + (month <= 2 ? 1 : 0);
    const two = (number) => String(number).padStart(2, "0");
    const digits = String(Math.abs(year)).padStart(4, "0");
    const sign = year < 0 ? "-" : "";
    return (digits.length > 4 ? "Y" : "") + sign + digits + "-" + two(month) + "-" + two(doy - Math.floor((153 * mp + 2) / 5) + 1);
  }

  function zoom(factor, share) {
    const now = current();
    if (!now) return;
    const width = (now[1] - now[0]) * factor;
    const still = now[0] + (now[1] - now[0]) * share;
    move(still - width * share, still + width * (1 - share));
  }

  function pan(share) {
    const now = current();
    if (now) move(now[0] + (now[1] - now[0]) * share, now[1] + (now[1] - now[0]) * share);
  }

  function fit() {
    wish = null;
    clearTimeout(settling);
    const asked = new URLSearchParams(window.location.search);
    asked.delete("from");
    asked.delete("to");
    view().go(view().query(asked, {}), false);
    if (strip && scene) draw();
  }

  /* ---------------------------------------------------------------- the hand on the plot */

  function share(event) {
    const box = byId("plot").getBoundingClientRect();
    const [left, right] = scene.margins;
    return (event.clientX - box.left - left) / Math.max(box.width - left - right, 1);
  }

  function wheel(event) {
    if (!scene || share(event) < 0) return;
    event.preventDefault();
    const unit = event.deltaMode === 1 ? 16 : 1;
    const sideways = event.shiftKey ? event.deltaY || event.deltaX : Math.abs(event.deltaX) > Math.abs(event.deltaY) ? event.deltaX : 0;
    if (sideways) pan((sideways * unit) / 800);
    else zoom(Math.exp(Math.max(Math.min(event.deltaY * unit, 240), -240) * 0.0022), share(event));
  }

  function press(event) {
    if (!scene || event.button !== 0 || share(event) < 0) return;
    const from = { x: event.clientX, now: current().slice(), moved: false };
    const width = byId("plot").clientWidth - scene.margins[0] - scene.margins[1];
    function drag(step) {
      const by = step.clientX - from.x;
      if (!from.moved && Math.abs(by) < MOVED) return;
      from.moved = true;
      byId("plot").classList.add("dragging");
      const days = (by / width) * (from.now[1] - from.now[0]);
      move(from.now[0] - days, from.now[1] - days);
    }
    function drop() {
      window.removeEventListener("pointermove", drag);
      window.removeEventListener("pointerup", drop);
      window.removeEventListener("pointercancel", drop);
      byId("plot").classList.remove("dragging");
      if (from.moved) panned = Date.now();
    }
    window.addEventListener("pointermove", drag);
    window.addEventListener("pointerup", drop);
    window.addEventListener("pointercancel", drop);
  }

  let hit = 0; // when a mark was clicked
  function clicked(found) {
    const carried = String(found.points[0].customdata || "");
    if (!carried || Date.now() - panned < 200) return;
    hit = Date.now();
    if (carried.startsWith("?")) {
      view().go(carried, false);
      return;
    }
    const asked = new URLSearchParams(window.location.search);
    asked.delete("mention");
    asked.delete("event");
    view().go(view().query(asked, { event: carried }), false);
  }

  /* A click on a crowd goes into it; but a double click fits the whole, so wait for the second. */
  let waiting = null;
  function click(event) {
    clearTimeout(waiting);
    if (!scene || Date.now() - panned < 200) return;
    if (event.detail > 1) return fit(); // plotly lays a sheet over the page while a button is down: no dblclick comes
    const lane = crowd(event);
    if (!lane) return;
    const place = share(event);
    waiting = setTimeout(() => { if (Date.now() - hit > 400) zoom(0.2, place); }, 240);
  }

  function crowd(event) {
    const y = event.clientY - byId("plot").getBoundingClientRect().top;
    const place = share(event);
    if (place < 0 || place > 1) return null;
    return scene.dense.find((lane) => y >= lane.top && y <= lane.bottom) || null;
  }

  function point(event) {
    if (!scene || event.buttons) return;
    const lane = crowd(event);
    const plot = byId("plot");
    plot.classList.toggle("crowded", Boolean(lane));
    if (!lane || plot.classList.contains("pointing")) return hide();
    const count = lane.counts[Math.min(Math.floor(share(event) * lane.counts.length), lane.counts.length - 1)];
    if (!count) return hide();
    const tip = byId("tip");
    tip.textContent = lane.name + ": " + count.toLocaleString("en") + (count === 1 ? " event" : " events") + " here – click to zoom in";
    tip.hidden = false;
    const box = plot.parentElement.getBoundingClientRect();
    tip.style.left = Math.min(event.clientX - box.left + 12, box.width - tip.offsetWidth - 8) + "px";
    tip.style.top = event.clientY - box.top + 16 + "px";
  }

  function hide() {
    const tip = byId("tip");
    if (tip) tip.hidden = true;
  }

  /* The drawn event in the lane above or below that is nearest in time to the one that is open. */
  function otherLane(down) {
    const marks = scene ? scene.data.flatMap((trace) =>
      (trace.customdata || []).map((id, i) => ({ id, x: trace.type === "bar" ? trace.base[i] + trace.x[i] / 2 : trace.x[i], y: trace.y[i] }))
    ).filter((mark) => !mark.id.startsWith("?")) : [];
    const now = marks.find((mark) => mark.id === new URLSearchParams(window.location.search).get("event"));
    const centres = scene ? scene.layout.yaxis.tickvals : [];
    const lane = (y) => centres.reduce((best, centre, i) => (Math.abs(centre - y) < Math.abs(centres[best] - y) ? i : best), 0);
    const from = now ? lane(now.y) : down ? -1 : centres.length;
    const x = now ? now.x : (current()[0] + current()[1]) / 2;
    for (let to = from + (down ? 1 : -1); to >= 0 && to < centres.length; to += down ? 1 : -1) {
      const there = marks.filter((mark) => lane(mark.y) === to).sort((a, b) => Math.abs(a.x - x) - Math.abs(b.x - x));
      if (there.length) return there[0].id;
    }
    return "";
  }

  /* ---------------------------------------------------------------- the overview */

  async function survey() {
    const asked = new URLSearchParams(search);
    ["event", "mention", "sort", "lanes"].forEach((name) => asked.delete(name));
    if (byId("plot").clientWidth) ["from", "to"].forEach((name) => asked.delete(name)); // the scene has the window
    const filters = asked + "#" + version;
    if (filters === seen || !byId("overview")) return;
    seen = filters;
    try {
      const answer = await fetch("overview?" + asked);
      if (!answer.ok) return;
      strip = await answer.json();
    } catch (error) {
      return; // the drawing says so
    }
    sketch();
    brush();
  }

  function part(day) {
    const [first, last] = strip.reach;
    return ((day - first) / (last - first)) * 100;
  }

  function sketch() {
    const most = Math.max(1, ...strip.counts);
    const points = strip.counts.map((count, i) => i + "," + (40 - Math.sqrt(count / most) * 36).toFixed(1) + " " + (i + 1) + "," + (40 - Math.sqrt(count / most) * 36).toFixed(1));
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    svg.setAttribute("viewBox", "0 0 " + strip.counts.length + " 40");
    svg.setAttribute("preserveAspectRatio", "none");
    svg.setAttribute("aria-hidden", "true");
    const area = document.createElementNS(space, "polygon");
    area.setAttribute("points", "0,40 " + points.join(" ") + " " + strip.counts.length + ",40");
    svg.append(area);
    const ticks = document.createElement("div");
    ticks.className = "ticks";
    ticks.setAttribute("aria-hidden", "true");
    const edge = 1800 / Math.max(byId("overview").clientWidth, 1); // percent: half of a tick's text
    let free = edge;
    strip.ticks.forEach(([day, text]) => {
      const left = part(day);
      if (left < free || left > 100 - edge) return;
      const tick = document.createElement("span");
      tick.textContent = text;
      tick.style.left = left + "%";
      ticks.append(tick);
      free = left + Math.max(7, 2.4 * edge);
    });
    byId("shape").replaceChildren(svg, ticks);
  }

  function brush() {
    const now = current();
    const box = byId("brush");
    if (!now || !strip || !box) return;
    const left = Math.max(part(now[0]), 0);
    const right = Math.min(part(now[1]), 100);
    box.hidden = false;
    box.style.left = left + "%";
    box.style.width = Math.max(right - left, 0.4) + "%";
    [["brush-start", now[0]], ["brush-end", now[1]]].forEach(([id, day]) => {
      const handle = byId(id);
      handle.setAttribute("aria-valuemin", Math.round(strip.reach[0]));
      handle.setAttribute("aria-valuemax", Math.round(strip.reach[1]));
      handle.setAttribute("aria-valuenow", Math.round(day));
      handle.setAttribute("aria-valuetext", iso(day));
    });
  }

  function dayAt(event) {
    const box = byId("overview").getBoundingClientRect();
    return strip.reach[0] + ((event.clientX - box.left) / box.width) * (strip.reach[1] - strip.reach[0]);
  }

  function grab(event) {
    if (!strip || !current() || event.button !== 0) return;
    event.preventDefault();
    const from = current().slice();
    const at = dayAt(event);
    const handle = event.target.id;
    let kind = handle === "brush-start" ? "start" : handle === "brush-end" ? "end" : "both";
    if (kind === "both" && (at < from[0] || at > from[1])) {
      const half = (from[1] - from[0]) / 2;
      from[0] = at - half;
      from[1] = at + half;
      move(from[0], from[1]);
    }
    function drag(step) {
      const by = dayAt(step) - at;
      if (kind === "both") move(from[0] + by, from[1] + by);
      else if (kind === "start") move(Math.min(from[0] + by, from[1] - NARROWEST), from[1]);
      else move(from[0], Math.max(from[1] + by, from[0] + NARROWEST));
    }
    function drop() {
      window.removeEventListener("pointermove", drag);
      window.removeEventListener("pointerup", drop);
      window.removeEventListener("pointercancel", drop);
    }
    window.addEventListener("pointermove", drag);
    window.addEventListener("pointerup", drop);
    window.addEventListener("pointercancel", drop);
    if (event.target.focus) event.target.focus();
  }

  function nudge(event) {
    const steps = { ArrowLeft: -0.02, ArrowRight: 0.02, ArrowDown: -0.02, ArrowUp: 0.02, PageDown: -0.2, PageUp: 0.2 };
    if (!(event.key in steps) || !strip || !current()) return;
    event.preventDefault();
    event.stopPropagation();
    const [start, end] = current();
    const by = (end - start) * steps[event.key];
    if (event.target.id === "brush-start") move(Math.min(start + by, end - NARROWEST), end);
    else move(start, Math.max(end + by, start + NARROWEST));
  }

  /* ---------------------------------------------------------------- a picture */

  const PAPER = { w: 1600, h: 900, dark: 0 };

  /* Saves what the page shows ("shown"), or the whole of time with other filters, as a file. */
  async function picture(format, scope) {
    const asked = new URLSearchParams(scope === "shown" ? search : VOUCHED[scope]);
    ["event", "mention"].forEach((name) => asked.delete(name));
    const size = { ...measured(), ...PAPER };
    Object.entries(size).forEach(([name, value]) => asked.set(name, value));
    const window_ = scope === "shown" ? current() : scene.reach;
    ["start", "end"].forEach((name, i) => asked.set(name, window_[i]));
    const answer = await fetch("scene?" + asked);
    if (!answer.ok) return view().trouble("The picture cannot be drawn: " + answer.statusText);
    const drawn = await answer.json();
    const layout = { ...drawn.layout, width: size.w, height: size.h, paper_bgcolor: "#ffffff" };
    const how = { format, width: size.w, height: size.h, scale: format === "png" ? 2 : 1 };
    const link = document.createElement("a");
    link.href = await window.Plotly.toImage({ data: drawn.data, layout, config: CONFIG }, how);
    link.download = "timeline." + format;
    link.click();
  }

  const VOUCHED = { accepted: "?status=accepted&status=edited&status=added", all: "" };

  /* ---------------------------------------------------------------- the page */

  let version = 0;
  let listening = false;
  function listen() {
    if (listening || !byId("plot")) return;
    listening = true;
    const plot = byId("plot");
    plot.addEventListener("wheel", wheel, { passive: false });
    plot.addEventListener("pointerdown", press);
    plot.addEventListener("pointermove", point);
    plot.addEventListener("pointerleave", hide);
    plot.addEventListener("click", click);
    byId("overview").addEventListener("pointerdown", grab);
    byId("overview").addEventListener("keydown", nudge);
    let resizing = null;
    new ResizeObserver(() => {
      const { w, h } = measured();
      if (asFor === w + "x" + h) return;
      clearTimeout(resizing);
      resizing = setTimeout(draw, 120);
    }).observe(plot);
  }

  window.timelinePlot = { picture, zoomIn: () => zoom(CLOSER, 0.5), zoomOut: () => zoom(1 / CLOSER, 0.5), pan, fit, otherLane, redraw: draw };

  /* Dash calls this when the address or the tables have changed. */
  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    plot: {
      draw: function (now, tables, words) {
        sample = words || "";
        search = now || "";
        version = tables || 0;
        const asked = new URLSearchParams(search);
        const isOwn = wish && asked.get("from") === iso(wish[0]) && asked.get("to") === iso(wish[1]);
        if (!isOwn) {
          wish = null;
          clearTimeout(settling);
        }
        listen();
        draw();
        survey();
        return window.dash_clientside.no_update;
      },
    },
  });
})();
