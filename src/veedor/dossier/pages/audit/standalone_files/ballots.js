"use strict";
// Saves what was chosen for each ballot as the CSV that `veedor audit enter` reads. Nothing leaves this computer.
// No spreadsheet may run a cell: what begins as a formula, or with an apostrophe, gets an apostrophe before it.
const guard = (text) => (/^[=+\-@\t\r'\uff1d\uff0b\uff0d\uff20]/.test(text) ? "'" + text : text);
const quote = (text) => (/[",\r\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text);
const cell = (text) => quote(guard(text));
document.getElementById("save").addEventListener("click", () => {
  const rows = [document.body.dataset.header];
  const missing = [];
  const known = new Set([...document.querySelectorAll("#votes option")].map((option) => option.value));
  const lost = new Set(["missing", "unreadable"]);
  for (const input of document.querySelectorAll("input[list]")) {
    const [ballot, value] = [input.getAttribute("aria-label"), input.value.trim()];
    if (!known.has(value)) missing.push(input);
    rows.push([ballot, lost.has(value) ? value : "found", lost.has(value) ? "" : value].map(cell).join(","));
  }
  const note = document.getElementById("note");
  if (missing.length) {
    const names = missing.slice(0, 10).map((input) => input.getAttribute("aria-label"));
    note.textContent = document.body.dataset.missing + " " + names.join(", ");
    missing[0].scrollIntoView();
    return;
  }
  note.textContent = "";
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([rows.join("\n") + "\n"], { type: "text/csv" }));
  link.download = document.body.dataset.file;
  link.click();
});
