/* Deciding on events. Nothing is kept here but who decides and what can be undone; every decision is sent to the server,
   and shown when it is on disk there. */
"use strict";

(function () {
  const SHOWN = 8000; // ms a message stays
  const LETTERS = { a: "accept", e: "edit", m: "merge", p: "split", x: "reject", n: "add", u: "undo", Z: "redo", l: "log" };
  const COLUMNS = ["date", "title", "category", "actors", "places", "era", "kind", "modality"];
  const NAMES = { date: "Date", title: "Title", category: "Category", actors: "Actors", places: "Places", era: "Era", kind: "What it is", modality: "Told as" };
  const CHOICES = {
    kind: [["event", "event"], ["state", "state of affairs"], ["statistic", "figure"]],
    modality: [["actual", "done"], ["planned", "planned"]],
  };
  let busy = false; // a decision is on its way
  let opened = null; // what gets the focus back when a form is closed

  const byId = (id) => document.getElementById(id);
  const view = () => window.timelineView;

  /* An element: el("p", { class: "x" }, "text", child). Text is never read as HTML. */
  function el(name, attributes, ...children) {
    const made = document.createElement(name);
    Object.entries(attributes || {}).forEach(([key, value]) => {
      if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
      else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, value === true ? "" : value);
    });
    made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
    return made;
  }

  function button(text, action, more) {
    return el("button", { type: "button", class: "button", onclick: action, ...more }, text);
  }

  async function ask(address, body) {
    const how = body ? { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) } : {};
    try {
      const answer = await fetch(address, how);
      const found = await answer.json();
      return answer.ok || found.error ? found : { error: answer.statusText };
    } catch (error) {
      return { error: "The timeline's server does not answer; nothing is recorded." };
    }
  }

  /* ---------------------------------------------------------------- messages */

  let leaving = null;
  function tell(text, buttons, stays) {
    clearTimeout(leaving);
    let place = byId("done");
    if (!place) place = el("div", { id: "done", class: "done", role: "status", "aria-live": "polite" });
    const above = document.querySelector("dialog[open]") || document.body; // what lies under a dialog cannot be pressed
    if (place.parentNode !== above) above.append(place);
    const close = el("button", { type: "button", class: "icon", "aria-label": "Close this message", onclick: hush }, "×");
    place.replaceChildren(el("p", {}, text), ...(buttons || []), close);
    if (!stays) leaving = setTimeout(hush, SHOWN);
  }

  function hush() {
    const place = byId("done");
    if (place) place.replaceChildren();
  }

  /* ---------------------------------------------------------------- deciding */

  /* The bar under the event that the address names; null until the panel has caught up with it. */
  function bar() {
    const found = document.querySelector(".curate");
    const named = new URLSearchParams(window.location.search).get("event");
    return found && found.dataset.event === named ? found : null;
  }

  function stack(name, value) {
    if (value === undefined) {
      try {
        return JSON.parse(window.sessionStorage.getItem("timeline." + name)) || [];
      } catch (error) {
        return [];
      }
    }
    try {
      window.sessionStorage.setItem("timeline." + name, JSON.stringify(value.slice(-200)));
    } catch (error) { /* a browser that keeps nothing */ }
    return value;
  }

  function push(name, value) {
    stack(name, [...stack(name), value]);
  }

  /* Record a decision; the answer, or null if it was refused and `refused` was told why. */
  async function decide(decision, refused) {
    if (busy) return null;
    busy = true;
    document.body.classList.add("deciding-now");
    const asked = { values: {}, why: "", by: view().stored("by") || "", search: window.location.search, ...decision };
    const answer = await ask("decide", asked);
    busy = false;
    document.body.classList.remove("deciding-now");
    if (answer.error) {
      (refused || tell)(answer.error);
      return null;
    }
    window.timelineLive.show(answer.version);
    return answer;
  }

  function report(answer, offered) {
    const others = answer.conflicts.map((each) => (each.by || "Somebody") + " had decided in between: " + line(each) + ".");
    const text = [answer.said + ": " + answer.title + ".", answer.waits, ...others];
    if (others.length) text.push("Both are in the log; yours is the later one and counts.");
    const build = answer.waits.includes("built again") ? [button("Build now", build_)] : [];
    tell(text.filter(Boolean).join(" "), [...build, ...offered], others.length > 0 || build.length > 0);
  }

  function line(entry) {
    const values = Object.entries(entry.values).map(([key, value]) => (NAMES[key] || key).toLowerCase() + " " + value);
    return entry.said.toLowerCase() + (values.length ? " (" + values.join(", ") + ")" : "") + (entry.why ? ", “" + entry.why + "”" : "");
  }

  function done(answer) {
    push("undo", { id: answer.decision, title: answer.title });
    stack("redo", []);
    report(answer, [button("Undo", undo)]);
  }

  /* The event that is open, unless it has that verdict already. */
  function judged(action) {
    const now = bar();
    const verdict = { accept: "accepted", reject: "rejected" }[action];
    if (!now || now.dataset.status !== verdict) return now;
    tell("This event is " + verdict + " already.");
    return null;
  }

  async function judge(action, about, why) {
    const answer = await decide({ action, events: [about.event], seen: about.seen, why });
    if (!answer) return false;
    done(answer);
    forward(answer);
    return true;
  }

  function accept() {
    const now = judged("accept");
    if (now) judge("accept", now.dataset, "");
  }

  /* A rejection asks for a reason, in the place of the buttons; Enter rejects without one too. */
  function reject() {
    const now = judged("reject");
    if (!now || byId("reject")) return;
    const about = { ...now.dataset };
    const before = document.activeElement;
    const why = el("input", { id: "r-why", name: "why", autocomplete: "off", placeholder: "Why? (or just Enter)" });
    const made = el("form", { id: "reject", class: "reject", "aria-label": "Reject this event" },
      el("label", { for: "r-why", class: "unseen" }, "Reason for the log (optional)"), why,
      el("button", { type: "submit", class: "button main" }, "Reject"), button("Cancel", giveUp));

    function leave() {
      made.remove();
      window.removeEventListener("popstate", leave);
    }

    function giveUp() {
      leave();
      if (before.isConnected) before.focus();
    }

    made.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (await judge("reject", about, why.value)) leave();
    });
    made.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      giveUp();
    });
    window.addEventListener("popstate", leave); // another view is another question
    document.querySelector("aside").append(made);
    why.focus();
  }

  /* The next event to review. */
  function forward(answer) {
    if (answer.next) view().go(answer.next, false);
    else if (answer.event) open(answer.event);
  }

  function open(event) {
    const asked = new URLSearchParams(window.location.search);
    if (asked.get("event") === event && !asked.get("mention")) return;
    ["event", "mention"].forEach((name) => asked.delete(name));
    view().go(view().query(asked, { event }), false);
  }

  async function undo() {
    const own = stack("undo");
    const last = own.pop();
    if (!last) {
      tell("Nothing was decided here that could be undone. The log of decisions takes back any.", [button("Decisions", log)]);
      return;
    }
    await takeBack(last, "redo", () => stack("undo", own), "Redo", redo);
  }

  async function redo() {
    const own = stack("redo");
    const last = own.pop();
    if (!last) {
      tell("Nothing was undone here that could be done again.");
      return;
    }
    await takeBack(last, "undo", () => stack("redo", own), "Undo", undo);
  }

  /* An undo that is taken back lets what it took back count again. */
  async function takeBack(last, onto, drop, name, action) {
    const answer = await decide({ action: "undo", events: [last.id] }, (text) => {
      if (text.includes("undone already")) drop(); // by somebody else; nothing else is given up
      tell(text);
    });
    if (!answer) return;
    drop();
    push(onto, { id: answer.decision, title: last.title });
    report({ ...answer, said: onto === "redo" ? "Undone" : "Done again" }, [button(name, action)]);
    if (answer.event) open(answer.event);
  }

  async function build_() {
    tell("The tables are being built …", [], true);
    const answer = await ask("build", {});
    if (answer.version !== undefined) window.timelineLive.show(answer.version);
    tell(answer.error || "The tables on disk hold every decision now.");
    if (byId("log") && byId("log").open) fill(0);
  }

  /* ---------------------------------------------------------------- forms, in the place of what they change */

  function show(form) {
    if (!byId("desk").firstChild) opened = document.activeElement;
    byId("desk").replaceChildren(form);
    document.querySelector("aside").classList.add("deciding");
    const first = form.querySelector("input, textarea, select");
    if (first) first.focus();
  }

  function close() {
    if (!byId("desk") || !byId("desk").firstChild) return false;
    byId("desk").replaceChildren();
    document.querySelector("aside").classList.remove("deciding");
    if (opened && opened.isConnected && opened !== document.body) opened.focus();
    return true;
  }

  function field(name, value, found) {
    const id = "f-" + name;
    let input;
    if (name === "era" || CHOICES[name]) {
      const choices = CHOICES[name] || [["", found.id ? "no era" : "by its date"], ...found.eras.map((era) => [era.id, era.title])];
      input = el("select", { id, name }, choices.map(([key, text]) => el("option", { value: key, selected: key === value }, text)));
    } else if (name === "quote" || name === "title") {
      input = el("textarea", { id, name, rows: name === "quote" ? 4 : 2, required: true }, value);
    } else {
      const more = name === "category" ? { list: "categories" } : name === "date" ? { "aria-describedby": "f-understood" } : {};
      input = el("input", { id, name, value, autocomplete: "off", ...more });
    }
    const hints = { actors: "one; another", places: "one; another" };
    const hint = name === "date" ? el("small", { id: "f-understood", role: "status" }, value ? "= " + (found.said || value) : "") : null;
    if (hints[name]) input.setAttribute("placeholder", hints[name]);
    return el("p", { class: "field " + name }, el("label", { for: id }, NAMES[name] || "Passage"), input, hint);
  }

  function why() {
    return el("p", { class: "field" }, el("label", { for: "f-why" }, "Reason (for the log)"), el("input", { id: "f-why", name: "why", autocomplete: "off" }));
  }

  function form(title, send, submit, parts, then) {
    const wrong = el("p", { class: "wrong", role: "alert" });
    const made = el(
      "form",
      { class: "form", "aria-label": title, novalidate: true },
      el("h2", {}, title),
      ...parts,
      wrong,
      el("div", { class: "row" }, el("button", { class: "button main", type: "submit" }, send), button("Cancel", close))
    );
    made.addEventListener("submit", async (event) => {
      event.preventDefault();
      wrong.textContent = "";
      const answer = await submit(made, (text) => { wrong.textContent = text; });
      if (!answer) return;
      close();
      done(answer);
      if (then) then(answer);
    });
    return made;
  }

  function watchDate(made, source) {
    const input = made.elements.date;
    let timer = null;
    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(async () => {
        const answer = await ask("curate/date?" + new URLSearchParams({ text: input.value, source }));
        const hint = byId("f-understood");
        if (!hint) return;
        hint.textContent = answer.error || (answer.date ? "= " + answer.said + " (" + answer.date + ")" : "");
        input.setAttribute("aria-invalid", String(Boolean(answer.error)));
      }, 200);
    });
  }

  function lists(found) {
    return el("datalist", { id: "categories" }, found.categories.map((name) => el("option", { value: name })));
  }

  function pair(...fields) {
    return el("div", { class: "pair" }, ...fields);
  }

  function fieldsOf(found) {
    const value = (name) => found.values[name] || "";
    const [date, title, category, actors, places, era, kind, modality] = COLUMNS.map((name) => field(name, value(name) || (CHOICES[name] ? CHOICES[name][0][0] : ""), found));
    return [date, title, pair(category, era), pair(actors, places), pair(kind, modality), lists(found)];
  }

  async function edit() {
    const now = bar();
    if (!now) return;
    const found = await ask("curate/event?" + new URLSearchParams({ id: now.dataset.event }));
    if (found.error) return tell(found.error);
    const made = form("Edit this event", "Save", async (filled, refused) => {
      const values = {};
      COLUMNS.forEach((name) => {
        const given = filled.elements[name].value.trim();
        const before = found.values[name] || (CHOICES[name] ? CHOICES[name][0][0] : "");
        if (given !== before) values[name] = given;
      });
      if (!Object.keys(values).length) {
        refused("Nothing is changed yet; Esc leaves it as it is.");
        return null;
      }
      return decide({ action: "edit", events: [found.id], values, why: filled.elements.why.value, seen: found.seen }, refused);
    }, [...fieldsOf(found), why()]);
    show(made);
    watchDate(made, now.dataset.source);
  }

  async function split() {
    const now = bar();
    if (!now) return;
    const found = await ask("curate/event?" + new URLSearchParams({ id: now.dataset.event }));
    if (found.error) return tell(found.error);
    if (found.mentions.length < 2) return tell("This event is told once, so there is nothing to split.");
    const tellings = found.mentions.map((mention, i) =>
      el("li", {}, el("label", {},
        el("input", { type: "checkbox", name: "mention", value: mention.id, checked: i > 0 }),
        el("span", {}, el("b", {}, mention.date || "undated"), " ", mention.title, el("small", {}, mention.source + ": “" + mention.quote + "”"))
      ))
    );
    const made = form("Split: which tellings are of another event?", "Split", (filled, refused) => {
      const leaving = Array.from(filled.querySelectorAll("[name=mention]:checked"), (box) => box.value);
      return decide({ action: "split", events: leaving, why: filled.elements.why.value, seen: found.seen }, refused);
    }, [el("ul", { class: "tellings" }, tellings), why()]);
    show(made);
  }

  /* ---------------------------------------------------------------- a new event from words of the text */

  function selected() {
    const selection = window.getSelection();
    const text = document.querySelector(".reading .text");
    if (!text || selection.isCollapsed || !selection.rangeCount) return null;
    const range = selection.getRangeAt(0);
    return text.contains(range.commonAncestorContainer) && range.toString().trim() ? range : null;
  }

  /* The words that are selected, whole: half a word is no passage. Chinese and Japanese put no spaces between theirs. */
  const LETTER = /[\p{L}\p{M}\p{N}]/u;
  const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
  function passage() {
    const range = selected();
    if (!range) return "";
    const before = document.createRange();
    const text = document.querySelector(".reading .text");
    before.selectNodeContents(text);
    before.setEnd(range.startContainer, range.startOffset);
    const whole = text.textContent;
    const isLetter = (place) => LETTER.test(whole.charAt(place)) && !UNSPACED.test(whole.charAt(place));
    const isWithin = (place) => isLetter(place - 1) && isLetter(place);
    let start = before.toString().length;
    let end = start + range.toString().length;
    while (!whole.charAt(start).trim()) start++; // white space at the ends is nobody's word
    while (!whole.charAt(end - 1).trim()) end--;
    while (isWithin(start)) start--;
    while (isWithin(end)) end++;
    return whole.slice(start, end);
  }

  function offer() {
    let place = byId("passage");
    const range = byId("desk") && !byId("desk").firstChild ? selected() : null;
    if (!range) {
      if (place) place.hidden = true;
      return;
    }
    if (!place) {
      place = button("New event from these words", add, { id: "passage", "aria-keyshortcuts": "n", onpointerdown: (event) => event.preventDefault() });
      document.querySelector("aside").append(place);
    }
    const box = range.getBoundingClientRect();
    const edge = document.querySelector(".reading .text").getBoundingClientRect();
    place.hidden = false;
    place.style.top = Math.min(Math.max(box.bottom, edge.top) + 6, edge.bottom - 40) + "px";
    place.style.left = Math.max(Math.min(box.left, edge.right - place.offsetWidth - 12), edge.left + 8) + "px";
  }

  async function add() {
    const now = bar();
    if (!now || !now.dataset.source) return tell("Open an event of the source first, and select the words in its text.");
    const source = now.dataset.source;
    const sentence = byId("sentence");
    const quote = passage() || (sentence ? sentence.textContent : "");
    const found = await ask("curate/passage", { source, quote });
    if (byId("passage")) byId("passage").hidden = true;
    if (found.error) return tell(found.error);
    const values = { date: found.date, title: found.title };
    const made = form("A new event from " + source, "Add", (filled, refused) => {
      const given = { source_id: source, quote: filled.elements.quote.value };
      COLUMNS.forEach((name) => {
        const value = filled.elements[name].value.trim();
        const plain = CHOICES[name] ? CHOICES[name][0][0] : "";
        if (value !== plain || name === "date" || name === "title") given[name] = value;
      });
      if (!given.date) {
        refused("When was it? Write a date, for example 1969-03-02, March 1969 or between 1967 and 1969.");
        return null;
      }
      return decide({ action: "add", events: [], values: given, why: filled.elements.why.value, seen: found.seen }, refused);
    }, [field("quote", quote, found), ...fieldsOf({ ...found, values }), why()], (answer) => open(answer.event));
    if (found.times > 1) made.querySelector(".quote").append(el("small", {}, "These words stand " + found.times + " times in the text; the first is meant. Take more words to mean another."));
    show(made);
    watchDate(made, source);
  }

  /* ---------------------------------------------------------------- merging, side by side */

  function box(id, label, ...inside) {
    const made = el("dialog", { id, class: "box " + id, "aria-label": label },
      el("div", { class: "bar" }, el("h2", {}, label), el("button", { type: "button", class: "icon", "aria-label": "Close (Esc)", onclick: () => made.close() }, "×")),
      ...inside);
    const before = document.activeElement;
    made.addEventListener("close", () => {
      made.remove();
      if (before.isConnected) before.focus();
    });
    document.body.append(made);
    made.showModal();
    return made;
  }

  async function merge() {
    const now = bar();
    if (!now) return;
    const { event, seen } = now.dataset;
    const place = el("div", { class: "candidates" });
    const search = el("input", { id: "candidate", role: "searchbox", placeholder: "Search other events …", "aria-label": "Search other events", autocomplete: "off" });
    const wrong = el("p", { class: "wrong", role: "alert" });
    const made = box("merge", "Which of these is the same event?", search, place, wrong);

    async function take(other) {
      const answer = await decide({ action: "merge", events: [event, other], seen }, (text) => { wrong.textContent = text; });
      if (!answer) return;
      made.close();
      done(answer);
      forward(answer);
    }

    function card(found, number) {
      const differs = (name, text) => el("p", { class: name }, number && text !== now.found[name] ? el("b", {}, text) : text);
      return el("article", { class: number ? "candidate" : "candidate this" },
        el("h3", {}, number ? "Candidate " + number : "This event"),
        differs("date", found.date),
        el("h4", {}, found.title),
        differs("category", found.category || "uncategorised"),
        found.actors ? differs("actors", found.actors) : null,
        ...found.told.map((each) => el("blockquote", {}, each.quote, el("cite", {}, each.source))),
        number ? el("button", { type: "button", class: "button", "data-number": number, onclick: () => take(found.id) }, "The same: merge ", el("kbd", { "aria-hidden": "true" }, String(number))) : null);
    }

    async function find() {
      const answer = await ask("curate/candidates?" + new URLSearchParams({ id: event, q: search.value }));
      if (answer.error) {
        wrong.textContent = answer.error;
        return;
      }
      now.found = answer.candidates[0];
      place.replaceChildren(...answer.candidates.map(card));
      if (answer.candidates.length < 2) place.append(el("p", {}, "No other event has these words."));
    }

    let timer = null;
    search.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(find, 200);
    });
    made.addEventListener("keydown", (press) => {
      const chosen = press.target === search ? null : made.querySelector("[data-number='" + press.key.replace(/\D/g, "x") + "']");
      if (!chosen) return;
      press.preventDefault();
      chosen.click();
    });
    await find();
    const first = made.querySelector("[data-number]");
    if (first) first.focus();
  }

  /* ---------------------------------------------------------------- the log */

  async function log() {
    const name = el("input", { id: "by", value: view().stored("by") || "", autocomplete: "name", maxlength: 100 });
    name.addEventListener("change", () => view().store("by", name.value.trim()));
    box("log", "Decisions",
      el("p", { class: "field" }, el("label", { for: "by" }, "Your name in the log"), name),
      el("div", { class: "row state" }),
      el("ol", { class: "entries" }),
      el("p", { class: "more" }));
    fill(0);
  }

  async function fill(start) {
    const answer = await ask("decisions?start=" + start);
    const made = byId("log");
    if (!made) return;
    if (answer.error) return tell(answer.error);
    byId("by").placeholder = answer.user;
    const state = made.querySelector(".state");
    state.replaceChildren(el("p", {}, answer.total + (answer.total === 1 ? " decision" : " decisions") +
      (answer.unbuilt ? ", " + answer.unbuilt + " newer than the tables on disk" : "")));
    if (answer.unbuilt && answer.buildable) state.append(button("Build the tables", build_));
    const list = made.querySelector(".entries");
    if (!start) list.replaceChildren();
    list.append(...answer.decisions.map(entry));
    const left = answer.total - list.children.length;
    made.querySelector(".more").replaceChildren(...(left > 0 ? [button("Older decisions (" + left + ")", () => fill(list.children.length))] : []));
  }

  function entry(found) {
    const values = Object.entries(found.values).filter(([key]) => key !== "source_id");
    const what = found.event
      ? el("a", { href: "?event=" + encodeURIComponent(found.event), onclick: () => byId("log").close() }, found.title)
      : found.title;
    const name = found.action === "undo" ? "Let it count again" : "Take back";
    return el("li", { class: found.undone ? "undone" : "" },
      el("p", {}, el("b", {}, found.said), " ", what),
      values.length ? el("dl", {}, values.flatMap(([key, value]) => [el("dt", {}, NAMES[key] || "Passage"), el("dd", {}, value || "none")])) : null,
      found.why ? el("p", { class: "reason" }, "“" + found.why + "”") : null,
      found.waits ? el("p", { class: "wrong" }, found.waits) : null,
      el("div", { class: "row" },
        el("small", {}, (found.by || "somebody") + ", ", el("time", { datetime: found.on }, found.on.replace("T", " ").replace(/:\d\dZ$/, " UTC")), found.undone ? "; " + found.undone : ""),
        found.undone ? null : button(name, async () => {
          const answer = await decide({ action: "undo", events: [found.id] });
          if (!answer) return;
          push("undo", { id: answer.decision, title: answer.title });
          report(answer, []);
        }, { "aria-label": name + ": " + found.said + ", " + found.title })));
  }

  /* ---------------------------------------------------------------- mouse and keyboard */

  const ACTIONS = { accept, reject, edit, merge, split, add, undo, redo, log };

  document.addEventListener("click", (event) => {
    const pressed = event.target.closest("[data-curate]");
    if (pressed) ACTIONS[pressed.dataset.curate]();
  });

  function isTyping(target) {
    return target.matches("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
  }

  /* Before the keys of reading: what is done here is done, and a form in the panel is closed before the event is. */
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || event.target.closest("dialog, #reject")) return;
    const inForm = byId("desk") && byId("desk").firstChild;
    if (event.key === "Escape" && inForm) {
      event.preventDefault();
      close();
      return;
    }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && inForm) {
      event.preventDefault();
      inForm.requestSubmit();
      return;
    }
    if (isTyping(event.target)) return;
    let action = null;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") action = event.shiftKey ? "redo" : "undo";
    else if (!event.ctrlKey && !event.metaKey && view().stored("keys") !== "off") action = LETTERS[event.key];
    if (!action) return;
    event.preventDefault();
    if (!event.repeat) ACTIONS[action]();
  }, true);

  document.addEventListener("selectionchange", offer);
  document.addEventListener("tables", () => { if (byId("log") && byId("log").open) fill(0); });
})();
