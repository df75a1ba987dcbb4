"use strict";
// What is shown is what the mirror says, never what was just touched: so two tablets agree.
const at = (id) => document.getElementById(id);
const said = JSON.parse(document.body.dataset.said);
const { digits, delay: delayWords } = document.body.dataset;
const canvas = at("picture"), brush = canvas.getContext("2d");
const LIVE = ["here", "album"];
const SLIDER_MS = 50; // between two words of a slider that moves
let socket = null, state = { phase: "lost", visit: -1 }, book = null, group = null, pause = 500;
let kind = null; // of two shades, while the second is still to be touched

function send(message) {
  if (socket && socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
}

function ask(what, value = null) {
  send({ do: what, value, visit: state.visit });
}

function blank() {
  brush.clearRect(0, 0, canvas.width, canvas.height);
  canvas.hidden = true;
  at("delay").textContent = "";
}

async function picture(buffer) {
  const head = new DataView(buffer), number = head.getUint32(0), visit = head.getUint32(4);
  let bitmap = null;
  try {
    bitmap = await createImageBitmap(new Blob([new Uint8Array(buffer, 8)], { type: "image/jpeg" }));
  } catch { /* a damaged picture is left out */ }
  // A page that nobody sees draws nothing, says nothing, and so is sent no more.
  requestAnimationFrame(() => {
    if (bitmap && visit === state.visit && LIVE.includes(state.phase)) {
      if (canvas.width !== bitmap.width || canvas.height !== bitmap.height) {
        canvas.width = bitmap.width;
        canvas.height = bitmap.height;
      }
      brush.drawImage(bitmap, 0, 0);
      canvas.hidden = false;
      at("phase").textContent = "";
    }
    if (bitmap) bitmap.close();
    send({ drawn: number });
  });
}

function show() {
  const live = LIVE.includes(state.phase), ready = live && !state.opening;
  if (!live) blank();
  at("phase").textContent = canvas.hidden || !live ? said[state.phase === "here" && state.opening ? "opening" : state.phase] || "" : "";
  for (const part of ["controls", "styles", "filters", "of_colours", "acts"]) at(part).disabled = !ready;
  at("worn").textContent = !ready ? "" : state.phase === "album" ? said.album : state.worn;
  at("split").setAttribute("aria-pressed", String(ready && state.split === true));
  at("brows").setAttribute("aria-pressed", String(ready && state.brows === true));
  for (const button of at("dyes").querySelectorAll("button")) button.setAttribute("aria-pressed", String(ready && shadesOn().includes(button.value)));
  if (!ready) kind = null;
  for (const button of at("kinds").children) {
    button.setAttribute("aria-pressed", String(ready && button.value === state.kind));
    button.classList.toggle("next", button.value === kind);
  }
  at("laid").textContent = ((book ? book.kinds : []).find(([id]) => id === kind) || [])[2] || "";
  sieve(ready);
  for (const button of at("styles").children) button.setAttribute("aria-pressed", String(ready && Number(button.value) === state.style));
  const slider = at("loss"), on = ready && state.loss !== null;
  at("no_loss").disabled = !on;
  at("step").textContent = on ? state.worn : "";
  for (const button of at("scales").children) button.setAttribute("aria-pressed", String(ready && button.value === state.scale));
  at("course").disabled = !on;
  at("course").setAttribute("aria-pressed", String(on && state.course === true));
  if (!on || !state.course) at("frame").classList.remove("large");
  if (!slider.matches(":active")) slider.value = on ? state.loss : 0;
  const shades = ready && state.shade === null ? state.shades : [];
  const note = at("note");
  note.disabled = !ready;
  if (!ready) note.blur(); // what was typed is for nobody else
  if (!ready || document.activeElement !== note) note.value = ready ? state.note || "" : "";
  at("shades").hidden = !shades.length;
  while (at("shades").children.length > 1) at("shades").lastChild.remove();
  for (const name of shades) at("shades").append(swatch(name, () => ask("shade", name)));
  if (!ready) calm();
}

function shadesOn() {
  return state.parts || [state.dye];
}

// A touch of a shade is that of all hair, or the second of a pattern.
function shade(name) {
  const laid = kind || state.kind || "one", [first] = shadesOn();
  if (laid === "one") ask("dye", name);
  else if (name !== first) ask("dye", `${laid}:${first}+${name}`);
}

function lay(wanted) {
  const [first, second] = shadesOn();
  kind = null;
  if (wanted === "one") {
    if (second !== undefined) ask("dye", first);
  } else if (second !== undefined) ask("dye", `${wanted}:${first}+${second}`);
  else kind = wanted;
  show();
}

// Which styles are seen: what the mirror's filter leaves, and of those one group.
function sieve(ready) {
  const left = ready && state.left ? state.left : null, wanted = (ready && state.filter) || {};
  const numbers = group === null || !book ? null : [null, ...book.groups.map(([, found]) => found)][group];
  for (const one of at("styles").children) {
    const number = Number(one.value);
    one.hidden = (left !== null && !left.includes(number)) || (numbers !== null && !numbers.includes(number));
  }
  const count = left === null ? "" : ` (${String(left.length).replace(/\d/g, (digit) => digits[digit])})`;
  at("filter").textContent = said.filter + count;
  for (const chip of at("filters").querySelectorAll("button")) {
    const [what, value] = chip.value.split(":");
    chip.setAttribute("aria-pressed", String(what ? wanted[what] === value : false));
    if (!what) chip.disabled = left === null;
  }
}

function chip(value, words, touched) {
  const button = document.createElement("button");
  button.type = "button";
  button.value = value;
  button.textContent = words;
  button.addEventListener("click", () => touched(button));
  return button;
}

function named(name) {
  const [, words, colour] = book.dyes.find(([id]) => id === name) || [name, name, null];
  const button = chip(name, words, () => shade(name));
  if (colour) {
    const dot = document.createElement("i");
    dot.style.background = colour;
    button.prepend(dot);
  }
  return button;
}

function row(...children) {
  const made = document.createElement("div");
  made.className = "chips";
  made.append(...children);
  return made;
}

// Levels from above to below, tones from left to right, as on every chart.
function levels(names) {
  const made = document.createElement("div");
  made.className = "levels";
  made.dir = "ltr";
  made.style.gridTemplateColumns = `auto repeat(${book.across}, minmax(2.5rem, 1fr))`;
  const head = (words) => {
    const one = document.createElement("span");
    one.textContent = words;
    return one;
  };
  made.append(head(""), ...book.tones.map(head));
  names.forEach((name, number) => {
    if (number % book.across === 0) made.append(head(name.split("/")[0].replace(/\d/g, (digit) => digits[digit])));
    made.append(swatch(name, () => shade(name)));
  });
  return made;
}

function palette() {
  at("kinds").replaceChildren(...book.kinds.map(([name, words]) => chip(name, words, () => lay(name))));
  at("dyes").replaceChildren(row(named("none")), ...book.pages.flatMap(([title, page, names]) => {
    const head = document.createElement("h2");
    head.textContent = title;
    return [head, page === "range" ? levels(names) : row(...names.map(named))];
  }));
}

function sieves() {
  const rows = book.filters.flatMap(([what, words, values]) => {
    const head = document.createElement("span");
    head.textContent = words;
    return [head, row(...values.map(([value, told]) => chip(`${what}:${value}`, told, (one) => ask(
      "filter", one.getAttribute("aria-pressed") === "true" ? `${what}:` : one.value))))];
  });
  at("filters").replaceChildren(...rows, document.createElement("span"), row(chip("", said.all, () => ask("filter"))));
}

function swatch(name, touched) {
  const button = document.createElement("button");
  const [, words, colour] = (book ? book.dyes : []).find(([id]) => id === name) || [name, name, null];
  button.type = "button";
  button.value = name;
  button.title = words;
  if (colour) {
    button.style.background = colour;
    button.setAttribute("aria-label", words);
  } else button.textContent = words;
  button.addEventListener("click", touched);
  return button;
}

function tiles() {
  at("styles").replaceChildren(...book.names.map((name, number) => {
    const button = document.createElement("button"), tile = document.createElement("i");
    const rows = Math.ceil(book.names.length / book.columns);
    const share = (place, count) => (count > 1 ? (100 * place) / (count - 1) : 0);
    tile.style.backgroundSize = `${100 * book.columns}% ${100 * rows}%`;
    tile.style.backgroundPosition =
      `${share(number % book.columns, book.columns)}% ${share(Math.floor(number / book.columns), rows)}%`;
    button.type = "button";
    button.value = number;
    button.append(tile, name);
    button.addEventListener("click", () => ask("style", number));
    return button;
  }));
  palette();
  sieves();
  const names = [[said.all, null], ...book.groups];
  at("groups").replaceChildren(...names.map(([words], place) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = words;
    button.addEventListener("click", () => {
      group = place;
      for (const one of at("groups").children) one.setAttribute("aria-pressed", String(one === button));
      sieve(LIVE.includes(state.phase) && !state.opening);
      at("styles").scrollTop = 0;
    });
    return button;
  }));
  (at("groups").children[group || 0]).click();
}

function hear(message) {
  if ("book" in message) {
    book = message.book;
    tiles();
    show();
  } else if ("state" in message) {
    if (message.state.visit !== state.visit) blank();
    if (message.state.visit !== state.visit || message.state.dye !== state.dye) kind = null;
    state = message.state;
    show();
  } else if ("echo" in message) {
    send({ echo: message.echo });
    const told = message.delay !== null && !canvas.hidden;
    at("delay").textContent = told
      ? delayWords.replace("#", String(message.delay).replace(/\d/g, (digit) => digits[digit])) : "";
  }
}

async function lost() {
  socket = null;
  state = { phase: "lost", visit: -1 };
  show();
  await new Promise((done) => setTimeout(done, pause));
  pause = Math.min(2 * pause, 5000);
  try {
    const answer = await fetch("/tablet/inside");
    if (answer.ok && !(await answer.json()).inside) location.replace("/tablet");
  } catch { /* the mirror is away: try on */ }
  connect();
}

function connect() {
  const made = new WebSocket(`${location.origin.replace("http", "ws")}/tablet/live`);
  made.binaryType = "arraybuffer";
  made.onopen = () => { pause = 500; };
  made.onmessage = (event) => (typeof event.data === "string" ? hear(JSON.parse(event.data)) : picture(event.data));
  made.onclose = lost;
  socket = made;
}

let later = 0;
function calm() {
  const button = at("end");
  clearTimeout(later);
  if (button.dataset.words) button.textContent = button.dataset.words;
  button.classList.remove("sure");
}
at("end").addEventListener("click", () => {
  const button = at("end");
  if (button.classList.contains("sure")) {
    calm();
    ask("next");
    return;
  }
  button.dataset.words = button.textContent;
  button.textContent = button.dataset.sure;
  button.classList.add("sure");
  later = setTimeout(calm, 4000);
});

let told = 0, waiting = 0;
at("loss").addEventListener("input", () => {
  clearTimeout(waiting);
  const say = () => {
    told = performance.now();
    const value = Number(at("loss").value);
    ask("loss", value);
  };
  const left = told + SLIDER_MS - performance.now();
  if (left > 0) waiting = setTimeout(say, left);
  else say();
});
for (const tab of at("tabs").children) tab.addEventListener("click", () => {
  for (const one of at("tabs").children) {
    one.setAttribute("aria-pressed", String(one === tab));
    at(one.value).hidden = one !== tab;
  }
});
at("filter").addEventListener("click", () => {
  at("filters").hidden = !at("filters").hidden;
  at("filter").setAttribute("aria-expanded", String(!at("filters").hidden));
});
at("no_loss").addEventListener("click", () => ask("loss"));
for (const button of at("scales").children) button.addEventListener("click", () => ask("scale", button.value));
at("course").addEventListener("click", () => ask("course", at("course").getAttribute("aria-pressed") !== "true"));
// Ten small pictures are looked at over the whole page.
at("frame").addEventListener("click", () => { if (state.course === true) at("frame").classList.toggle("large"); });
at("surprise").addEventListener("click", () => ask("surprise"));
at("split").addEventListener("click", () => ask("split", at("split").getAttribute("aria-pressed") !== "true"));
function note() {
  // In one line, without what nobody sees: the mirror refuses anything else.
  const typed = at("note").value.normalize("NFC").replace(/[\p{C}\p{Zl}\p{Zp}\p{Zs}]+/gu, " ");
  if (LIVE.includes(state.phase) && typed !== (state.note || "")) ask("note", typed);
}
at("note").addEventListener("change", note);
at("note").addEventListener("keydown", (event) => { if (event.key === "Enter") at("note").blur(); });
at("brows").addEventListener("click", () => ask("brows", at("brows").getAttribute("aria-pressed") !== "true"));
at("take").addEventListener("click", () => {
  note(); // not all tablets take the cursor out of the line when a button is touched
  ask("picture");
});
at("leave").addEventListener("click", async () => {
  await fetch("/tablet/leave", { method: "POST" });
  location.replace("/tablet");
});
blank();
show();
connect();
