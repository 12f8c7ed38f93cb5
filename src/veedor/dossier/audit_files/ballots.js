"use strict";
// Saves what was chosen for each ballot as the CSV that `veedor audit enter` reads. Nothing leaves this computer.
const cell = (text) => (/[",\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text);
document.getElementById("save").addEventListener("click", () => {
  const rows = [document.body.dataset.header];
  const missing = [];
  for (const row of document.querySelectorAll("tr[data-ballot]")) {
    const value = row.querySelector("select").value;
    if (!value) missing.push(row);
    const lost = value.endsWith(":");
    rows.push([row.dataset.ballot, lost ? value.slice(0, -1) : "found", lost ? "" : value].map(cell).join(","));
  }
  const note = document.getElementById("note");
  if (missing.length) {
    note.textContent = document.body.dataset.missing + " " + missing.slice(0, 10).map((row) => row.dataset.ballot).join(", ");
    missing[0].scrollIntoView();
    return;
  }
  note.textContent = "";
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([rows.join("\n") + "\n"], { type: "text/csv" }));
  link.download = document.body.dataset.file;
  link.click();
});
