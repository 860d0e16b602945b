// What the page says, in Indonesian first and English second.
"use strict";

const WORDS = {
  id: {
    title: "Ponsel dan mesin latihan", phones: "Ponsel", terminals: "Mesin sidik jari",
    people: "Pegawai", search: "Cari nama, unit, tugas", other_number: "Nomor lain, +62…", open: "Buka",
    write: "Tulis SMS ke Hadir", send: "Kirim", close: "Tutup ponsel ini", person: "Jari siapa", finger: "Tempelkan jari",
    clock: "Jam mesin", right_clock: "tepat", ahead: "maju", behind: "mundur", minutes: "menit", hours: "jam", days: "hari",
    pull_cable: "Cabut kabel", plug_cable: "Pasang kabel", break_sensor: "Rusak sensor", mend_sensor: "Perbaiki sensor",
    cable_out: "kabel tercabut", sensor_broken: "sensor rusak", records: "rekaman", of: "dari",
    thanks: "Terima kasih", refused: "Ditolak", nobody: "Pilih satu nama dari daftar.", empty: "Belum ada SMS.",
    pick: "Pilih pegawai di kiri: ketik SMS sebagai pegawai, jawab sebagai atasan.",
    pull_modem: "Cabut modem", plug_modem: "Pasang modem", waiting: "menunggu di SIM", lost: "Halaman ini terputus; mencoba lagi…",
    no_terminals: "Mesin tidak menjawab.", stranger: "nomor tak dikenal", language: "English",
    duties: { supervisor: "atasan", kasubag: "Kasubag Umum", operator: "operator", head: "pimpinan", technician: "teknisi" },
  },
  en: {
    title: "Practice phones and terminals", phones: "Phones", terminals: "Fingerprint terminals",
    people: "Employees", search: "Find a name, unit, duty", other_number: "Another number, +62…", open: "Open",
    write: "Write an SMS to Hadir", send: "Send", close: "Close this phone", person: "Whose finger", finger: "Put the finger",
    clock: "Terminal's clock", right_clock: "right", ahead: "ahead", behind: "behind", minutes: "minutes", hours: "hours", days: "days",
    pull_cable: "Pull the cable", plug_cable: "Plug the cable", break_sensor: "Break the sensor", mend_sensor: "Mend the sensor",
    cable_out: "cable pulled", sensor_broken: "sensor broken", records: "records", of: "of",
    thanks: "Thank you", refused: "Refused", nobody: "Choose one name from the list.", empty: "No SMS yet.",
    pick: "Choose an employee on the left: text as the employee, answer as the supervisor.",
    pull_modem: "Unplug the modem", plug_modem: "Plug the modem", waiting: "waiting on the SIM", lost: "This page is cut off; trying again…",
    no_terminals: "The terminals do not answer.", stranger: "unknown number", language: "Bahasa Indonesia",
    duties: { supervisor: "supervisor", kasubag: "head of general affairs", operator: "operator", head: "head", technician: "technician" },
  },
};

let language = localStorage.getItem("language") || "id";
const word = (key) => WORDS[language][key];

// Put the words of the chosen language wherever an element asks for them.
function speak(root = document) {
  for (const element of root.querySelectorAll("[data-say]")) element.textContent = word(element.dataset.say);
  for (const element of root.querySelectorAll("[data-hint]")) {
    element.placeholder = word(element.dataset.hint);
    element.setAttribute("aria-label", word(element.dataset.hint));
  }
  for (const element of root.querySelectorAll("[data-label]")) element.setAttribute("aria-label", word(element.dataset.label));
}

// One call of the page's API; throws the sentence of what went wrong.
async function call(path, body) {
  const answer = await fetch(path, body === undefined ? {} : {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  });
  const content = await answer.json();
  if (!answer.ok) throw new Error(content.error);
  return content;
}
