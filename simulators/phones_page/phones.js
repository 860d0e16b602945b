// The phones: a list of people, and the conversations of those that are open.
"use strict";

const MOST_OPEN = 3;
const CLOCK = { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" };
const QUICK = {
  employee: ["izin sakit hari ini pak", "mohon cuti tahunan Senin depan 2 hari", "HADIR", "STATUS", "SALDO"],
  supervisor: ["YA", "TIDAK", "TUNDA"],
};
let people = [];
let messages = [];
let open = [];
const unread = new Map();
const byNumber = () => new Map(people.map((person) => [person.number, person]));

const dutiesOf = (person) => person.duties.map((duty) => word("duties")[duty] || duty).join(", ");
const nameOf = (number) => byNumber().get(number)?.name || number;

function whoIs(number) {
  const person = byNumber().get(number);
  if (!person) return word("stranger");
  return [person.position, person.unit, dutiesOf(person)].filter(Boolean).join(" · ");
}

function drawList() {
  const wanted = document.getElementById("search").value.trim().toLowerCase();
  const lastOf = new Map(messages.map((said) => [said.number, said.id]));
  const known = byNumber();
  const strangers = [...lastOf.keys()].filter((number) => !known.has(number))
    .map((number) => ({ number, name: number, unit: "", position: "", duties: [] }));
  const found = [...people, ...strangers]
    .map((person, place) => ({ person, place, last: lastOf.get(person.number) || 0 }))
    .filter(({ person }) => [person.name, person.unit, person.position, person.number, dutiesOf(person)]
      .join(" ").toLowerCase().includes(wanted))
    .sort((a, b) => !!b.person.first - !!a.person.first || b.last - a.last || a.place - b.place);
  document.getElementById("list").replaceChildren(...found.map(({ person }) => listItem(person)));
}

function listItem(person) {
  const item = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.number = person.number;
  button.setAttribute("aria-pressed", open.includes(person.number));
  const name = document.createElement("strong");
  name.textContent = person.name;
  const who = document.createElement("small");
  who.textContent = whoIs(person.number);
  button.append(name, who);
  if (unread.get(person.number)) {
    const badge = document.createElement("span");
    badge.className = "badge";
    badge.textContent = unread.get(person.number);
    button.append(badge);
  }
  button.addEventListener("click", () => openPhone(person.number));
  item.append(button);
  return item;
}

function openPhone(number) {
  unread.delete(number);
  if (!open.includes(number)) open = [...open, number].slice(-MOST_OPEN);
  remember();
  drawPhones();
  drawList();
  document.querySelector(`.phone[data-number="${CSS.escape(number)}"] textarea`)?.focus();
}

function closePhone(number) {
  open = open.filter((each) => each !== number);
  remember();
  drawPhones();
  drawList();
  document.getElementById("search").focus();
}

function remember() {
  history.replaceState(null, "", open.length ? `#${open.join(",")}` : "#");
  document.body.classList.toggle("has-open", open.length > 0);
}

function drawPhones() {
  const place = document.getElementById("open-phones");
  const there = new Map([...place.querySelectorAll(".phone")].map((card) => [card.dataset.number, card]));
  const cards = open.map((number) => there.get(number) || phoneCard(number));
  if (cards.length) {
    place.replaceChildren(...cards);
    open.forEach(drawTalk);
  } else {
    const hint = document.createElement("p");
    hint.className = "hint";
    hint.textContent = word("pick");
    place.replaceChildren(hint);
  }
}

function phoneCard(number) {
  const card = document.getElementById("phone-template").content.firstElementChild.cloneNode(true);
  card.dataset.number = number;
  card.querySelector("h3").textContent = nameOf(number);
  card.querySelector(".who").textContent = `${number} · ${whoIs(number)}`;
  card.querySelector(".back").addEventListener("click", () => closePhone(number));
  const text = card.querySelector("textarea");
  const form = card.querySelector("form");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(number, text);
  });
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); form.requestSubmit(); }
    if (event.key === "Escape") closePhone(number);
  });
  const kind = (byNumber().get(number)?.duties || []).includes("supervisor") ? "supervisor" : "employee";
  for (const suggestion of QUICK[kind]) {
    const chip = document.createElement("button");
    chip.type = "button";
    chip.textContent = suggestion;
    chip.addEventListener("click", () => { text.value = suggestion; text.focus(); });
    card.querySelector(".quick").append(chip);
  }
  speak(card);
  return card;
}

function drawTalk(number) {
  const talk = document.querySelector(`.phone[data-number="${CSS.escape(number)}"] .talk`);
  if (!talk) return;
  const mine = messages.filter((said) => said.number === number);
  const lines = mine.map((said) => {
    const line = document.createElement("li");
    line.className = said.mine ? "mine" : "theirs";
    const text = document.createElement("p");
    text.textContent = said.text;
    const when = document.createElement("time");
    when.dateTime = said.at;
    when.textContent = new Date(said.at).toLocaleString(language, { ...CLOCK, timeZone: "Asia/Makassar" });
    line.append(text, when);
    return line;
  });
  if (!lines.length) {
    const nothing = document.createElement("li");
    nothing.className = "nothing";
    nothing.textContent = word("empty");
    lines.push(nothing);
  }
  talk.replaceChildren(...lines);
  talk.scrollTop = talk.scrollHeight;
}

async function send(number, box) {
  const text = box.value;
  if (!text.trim()) return;
  try {
    await call(`/api/phones/${encodeURIComponent(number)}/send`, { text });
    box.value = "";
  } catch (error) { tell(error.message); }
}

function tell(sentence) {
  const trouble = document.getElementById("trouble");
  trouble.textContent = sentence;
  trouble.hidden = !sentence;
}

async function listen() {
  for (;;) {
    try {
      const last = messages.length ? messages[messages.length - 1].id : 0;
      const news = (await call(`/api/messages?since=${last}&wait=20`)).messages;
      tell("");
      if (!news.length) continue;
      const first = last === 0;
      messages = [...messages, ...news];
      for (const said of news) {
        if (!first && !said.mine && !open.includes(said.number)) unread.set(said.number, (unread.get(said.number) || 0) + 1);
      }
      new Set(news.map((said) => said.number)).forEach(drawTalk);
      drawList();
      drawModem();
    } catch {
      tell(word("lost"));
      await new Promise((resolve) => setTimeout(resolve, 2000));
    }
  }
}

async function drawModem(change) {
  const button = document.getElementById("modem");
  try {
    const state = await call("/api/modem", change);
    button.dataset.plugged = state.plugged;
    const waiting = state.waiting ? ` (${state.waiting} ${word("waiting")})` : "";
    button.textContent = word(state.plugged ? "pull_modem" : "plug_modem") + waiting;
  } catch (error) { tell(error.message); }
}

function showTab(tab) {
  for (const name of ["phones", "terminals"]) {
    document.getElementById(name).hidden = name !== tab;
    document.querySelector(`[data-tab="${name}"]`).setAttribute("aria-pressed", name === tab);
  }
}

function speakAll() {
  document.documentElement.lang = language;
  speak();
  document.getElementById("language").textContent = word("language");
  document.getElementById("open-phones").replaceChildren();
  drawList();
  drawPhones();
  drawModem();
  drawTerminals();
}

document.getElementById("search").addEventListener("input", drawList);
document.getElementById("stranger").addEventListener("submit", (event) => {
  event.preventDefault();
  const box = document.getElementById("number");
  if (box.value) { openPhone(box.value); box.value = ""; }
});
document.getElementById("modem").addEventListener("click", (event) => drawModem({ plugged: event.target.dataset.plugged !== "true" }));
document.getElementById("language").addEventListener("click", () => {
  language = language === "id" ? "en" : "id";
  localStorage.setItem("language", language);
  speakAll();
});
for (const tab of document.querySelectorAll(".tab")) tab.addEventListener("click", () => showTab(tab.dataset.tab));

// the list is walked with the arrow keys as well
document.getElementById("people").addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const buttons = [...document.querySelectorAll("#list button")];
  const next = buttons[buttons.indexOf(document.activeElement) + step];
  if (next) { event.preventDefault(); next.focus(); }
});

window.addEventListener("load", async () => {
  people = (await call("/api/people")).people;
  open = decodeURIComponent(location.hash.slice(1)).split(",").filter((number) => /^\+\d{6,15}$/.test(number)).slice(-MOST_OPEN);
  remember();
  speakAll();
  listen();
});
