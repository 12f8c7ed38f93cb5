"use strict";
// Saves what was typed into the forms as the CSV that `veedor audit enter` reads. Nothing leaves this computer.
// No spreadsheet may run a cell: what begins as a formula, or with an apostrophe, gets an apostrophe before it.
const guard = (text) => (/^[=+\-@\t\r'\uff1d\uff0b\uff0d\uff20]/.test(text) ? "'" + text : text);
const quote = (text) => (/[",\r\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text);
const cell = (text) => quote(guard(text));
document.getElementById("save").addEventListener("click", () => {
  const rows = [document.body.dataset.header];
  const missing = [];
  for (const form of document.querySelectorAll("article")) {
    const status = form.querySelector("select").value;
    const values = [...form.querySelectorAll("input[data-name]")].map((input) => input.value.trim());
    const read = status === "found";
    if (read && values.some((value) => !/^[0-9]{1,9}$/.test(value))) missing.push(form.dataset.station);
    rows.push([form.dataset.station, status, ...values.map((value) => (read ? value : ""))].map(cell).join(","));
  }
  const note = document.getElementById("note");
  if (missing.length) {
    note.textContent = document.body.dataset.missing + " " + missing.slice(0, 10).join(", ");
    document.querySelector(`article[data-station="${CSS.escape(missing[0])}"]`).scrollIntoView();
    return;
  }
  note.textContent = "";
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([rows.join("\n") + "\n"], { type: "text/csv" }));
  link.download = document.body.dataset.file;
  link.click();
});
