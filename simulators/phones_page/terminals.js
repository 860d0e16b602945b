// The terminals: put a finger on one, pull its cable, break its sensor, set its clock wrong.
"use strict";

const CLOCKS = [0, 300, -420, 3600, -3600, 86400]; // seconds ahead of the true time
const answers = new Map(); // what a terminal's display said last

function clockName(seconds) {
  if (!seconds) return word("right_clock");
  const [unit, size] = [["days", 86400], ["hours", 3600], ["minutes", 60]].find(([, size]) => Math.abs(seconds) >= size) || ["minutes", 60];
  return `${word(seconds > 0 ? "ahead" : "behind")} ${Math.round(Math.abs(seconds) / size)} ${word(unit)}`;
}

function terminalCard(terminal) {
  const card = document.getElementById("terminal-template").content.firstElementChild.cloneNode(true);
  card.dataset.name = terminal.name;
  card.querySelector("h3").textContent = terminal.name;
  const list = card.querySelector("datalist");
  list.id = `people-${terminal.name}`;
  const person = card.querySelector("input");
  person.setAttribute("list", list.id);
  for (const user of terminal.users) list.append(new Option(`${user.pin} ${user.name}`));
  card.querySelector(".finger").addEventListener("submit", (event) => {
    event.preventDefault();
    const typed = person.value.trim().toLowerCase();
    const meant = terminal.users.filter((each) => `${each.pin} ${each.name}`.toLowerCase().includes(typed));
    const user = meant.length === 1 ? meant[0] : undefined;
    if (!user) { answers.set(terminal.name, word("nobody")); drawTerminals(); return; }
    act(terminal.name, "punch", { pin: user.pin }, (now) => `${word("thanks")} · ${user.name} · ${now}`);
  });
  const clock = card.querySelector("select");
  clock.addEventListener("change", () => act(terminal.name, "clock", { offset_seconds: Number(clock.value) }));
  for (const name of ["cable", "sensor"]) {
    const button = card.querySelector(`[data-act="${name}"]`);
    button.addEventListener("click", () => {
      const turnedOn = button.dataset.on !== "true";
      act(terminal.name, name, name === "cable" ? { plugged: turnedOn } : { works: turnedOn });
    });
  }
  speak(card);
  return card;
}

function fillCard(card, terminal) {
  const time = terminal.now.slice(11, 16);
  card.querySelector(".where").textContent = `${terminal.serial} · ${terminal.host}:${terminal.port}`;
  card.querySelector(".display").textContent = answers.get(terminal.name) || time;
  const cable = card.querySelector('[data-act="cable"]');
  cable.dataset.on = terminal.plugged;
  cable.textContent = word(terminal.plugged ? "pull_cable" : "plug_cable");
  const sensor = card.querySelector('[data-act="sensor"]');
  sensor.dataset.on = terminal.sensor_works;
  sensor.textContent = word(terminal.sensor_works ? "break_sensor" : "mend_sensor");
  const clock = card.querySelector("select");
  const offset = terminal.clock_offset_seconds;
  const choices = CLOCKS.includes(offset) ? CLOCKS : [...CLOCKS, offset];
  if (document.activeElement !== clock) {
    clock.replaceChildren(...choices.map((seconds) => new Option(clockName(seconds), seconds)));
    clock.value = offset;
  }
  const faults = [terminal.plugged ? "" : word("cable_out"), terminal.sensor_works ? "" : word("sensor_broken"), offset ? clockName(offset) : ""];
  card.classList.toggle("faulty", faults.some(Boolean));
  card.querySelector(".state").textContent =
    [`${time}`, `${terminal.records} ${word("of")} ${terminal.capacity} ${word("records")}`, ...faults.filter(Boolean)].join(" · ");
}

async function act(name, kind, asked, answer) {
  try {
    const terminal = await call(`/api/terminals/${encodeURIComponent(name)}/${kind}`, asked);
    answers.set(name, answer ? answer(terminal.now.slice(11, 16)) : "");
  } catch (error) { answers.set(name, `${word("refused")}: ${error.message}`); }
  drawTerminals();
}

async function drawTerminals() {
  const place = document.getElementById("terminals");
  try {
    const terminals = await call("/api/terminals");
    const there = new Map([...place.querySelectorAll(".terminal")].map((card) => [card.dataset.name, card]));
    const names = terminals.map((terminal) => terminal.name);
    if (place.dataset.language !== language || names.join() !== [...there.keys()].join()) {
      place.dataset.language = language;
      place.replaceChildren(...terminals.map(terminalCard));
    }
    place.querySelectorAll(".terminal").forEach((card, index) => fillCard(card, terminals[index]));
  } catch (error) {
    const nothing = document.createElement("p");
    nothing.className = "hint";
    nothing.textContent = `${word("no_terminals")} ${error.message}`;
    place.replaceChildren(nothing);
  }
}

setInterval(() => { if (!document.getElementById("terminals").hidden && !document.hidden) drawTerminals(); }, 3000);
