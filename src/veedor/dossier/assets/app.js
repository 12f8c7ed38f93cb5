"use strict";
// What every page shares: data files, the reader's numbers, sortable tables, copying a command, the language switch.
// Names are put into the page as text, never as HTML.
const veedor = (function () {
  const values = new Map();
  const waiting = new Map();
  const code = document.documentElement.lang;

  function data(name, value) {
    values.set(name, value);
    const resolve = waiting.get(name);
    if (resolve) {
      resolve(value);
    }
  }

  const promised = new Map();
  function load(name) {
    if (!promised.has(name)) {
      promised.set(
        name,
        new Promise(function (resolve, reject) {
          if (values.has(name)) {
            resolve(values.get(name));
            return;
          }
          waiting.set(name, resolve);
          const element = document.createElement("script");
          element.src = "../data/" + name + ".js";
          element.addEventListener("error", function () {
            reject(new Error(name));
          });
          document.head.append(element);
        }),
      );
    }
    return promised.get(name);
  }

  function sentence(key) {
    return values.get("texts-" + code)[key];
  }

  // A name that is given by language: the reader's, or the English one.
  function said(names) {
    return names[code] === undefined || names[code] === null ? names.en : names[code];
  }

  function text(key, gaps) {
    return sentence(key).replace(/\{(\w+)\}/g, function (whole, name) {
      return gaps && name in gaps ? String(gaps[name]) : whole;
    });
  }

  function number(value, digits) {
    if (value === null || value === undefined || Number.isNaN(value)) {
      return "–";
    }
    const plain = Math.abs(value).toFixed(digits || 0);
    const parts = plain.split(".");
    const whole = parts[0].replace(/\B(?=(\d{3})+$)/g, sentence("mark.group"));
    const sign = value < 0 && /[1-9]/.test(plain) ? "−" : "";
    return sign + whole + (parts[1] ? sentence("mark.decimal") + parts[1] : "");
  }

  function signed(value, digits) {
    return (value > 0 ? "+" : "") + number(value, digits);
  }

  function percent(part, whole, digits) {
    return whole > 0 ? text("mark.percent", { n: number((100 * part) / whole, digits === undefined ? 2 : digits) }) : "–";
  }

  // element("td", {class: "n"}, "text", node, ...): children are text or nodes.
  function element(tag, attributes, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value !== null && value !== undefined) {
        made.setAttribute(name, value);
      }
    }
    made.append(...children);
    return made;
  }

  const SVG = "http://www.w3.org/2000/svg";
  function drawing(tag, attributes, ...children) {
    const made = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) {
      made.setAttribute(name, value);
    }
    made.append(...children);
    return made;
  }

  // The sign of a choice: its colour and a shape of its own, so that colour never stands alone.
  const SHAPES = [
    "M1 1H11V11H1Z",
    "M6 0.5A5.5 5.5 0 1 1 5.99 0.5Z",
    "M6 0.5L11.5 11H0.5Z",
    "M6 0L12 6L6 12L0 6Z",
    "M0.5 1H11.5L6 11.5Z",
    "M4 0.5H8V4H11.5V8H8V11.5H4V8H0.5V4H4Z",
  ];
  function mark(choice, attributes) {
    const path = drawing("path", { d: SHAPES[choice.shape], fill: choice.color });
    return drawing("svg", Object.assign({ class: "mark", viewBox: "0 0 12 12", "aria-hidden": "true" }, attributes), path);
  }

  function bar(share, color) {
    const rect = drawing("rect", { width: String(Math.max(0, Math.min(100, 100 * share))), height: "10", fill: color });
    const attributes = { class: "bar", viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" };
    return drawing("svg", attributes, rect);
  }

  const collator = new Intl.Collator(code, { numeric: true, sensitivity: "base" });
  function keyOf(row, column) {
    const cell = row.cells[column];
    return cell.dataset.value !== undefined ? Number(cell.dataset.value) : cell.textContent.trim();
  }

  function sortBy(table, column, descending) {
    const body = table.tBodies[0];
    const rows = Array.from(body.rows);
    rows.sort(function (left, right) {
      const a = keyOf(left, column);
      const b = keyOf(right, column);
      const order = typeof a === "number" && typeof b === "number" ? a - b : collator.compare(String(a), String(b));
      return descending ? -order : order;
    });
    body.append(...rows);
  }

  // Gives every column head a button; `data-value` of a cell is what is compared, else its text.
  function sortable(table) {
    const heads = Array.from(table.tHead.rows[table.tHead.rows.length - 1].cells);
    heads.forEach(function (head, column) {
      const button = element("button", { type: "button" });
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", function () {
        const now = head.getAttribute("aria-sort");
        const descending = now ? now === "ascending" : head.classList.contains("n");
        heads.forEach(function (other) {
          other.removeAttribute("aria-sort");
        });
        head.setAttribute("aria-sort", descending ? "descending" : "ascending");
        sortBy(table, column, descending);
      });
    });
  }

  function copy(source, button) {
    const old = button.textContent;
    function done() {
      button.textContent = text("js.copied");
      setTimeout(function () {
        button.textContent = old;
      }, 1500);
    }
    function byHand() {
      const range = document.createRange();
      range.selectNodeContents(source);
      const selection = getSelection();
      selection.removeAllRanges();
      selection.addRange(range);
      if (document.execCommand("copy")) {
        done();
      }
    }
    if (navigator.clipboard) {
      navigator.clipboard.writeText(source.textContent).then(done, byHand);
    } else {
      byHand();
    }
  }

  // A link at a heading to the place itself, to copy or to send.
  function permalink(place) {
    const head = place.querySelector("h2, h3");
    if (head) {
      const label = text("js.permalink", { what: head.textContent.trim() });
      head.append(" ", element("a", { class: "permalink", href: "#" + encodeURIComponent(place.id), "aria-label": label }, "#"));
    }
  }

  function start() {
    document.querySelectorAll("table[data-sortable]").forEach(sortable);
    document.querySelectorAll(".command, .copy").forEach(function (line) {
      const button = element("button", { type: "button" }, text("js.copy"));
      const source = line.querySelector("code");
      button.append(element("span", { class: "visually-hidden" }, " " + (line.dataset.label || source.textContent)));
      button.addEventListener("click", function () {
        copy(source, button.firstChild.parentNode);
      });
      line.append(button);
    });
    document.querySelectorAll(".finding[id], .claim[id], .event[id]").forEach(permalink);
    document.querySelectorAll(".switch a").forEach(function (other) {
      other.addEventListener("click", function () {
        other.href = other.getAttribute("href").split(/[?#]/)[0] + location.search + location.hash;
        remember(other.hreflang);
      });
    });
    remember(code);
  }

  function remember(chosen) {
    try {
      localStorage.setItem("veedor.language", chosen);
    } catch (error) {
      return; // storage may be closed to pages on disk: the switch works all the same
    }
  }

  function failed(error) {
    const where = document.querySelector(".loading");
    if (where) {
      where.textContent = text("js.not_loaded", { name: error.message });
    }
    throw error;
  }

  document.addEventListener("DOMContentLoaded", start);
  return { code, data, load, text, said, number, signed, percent, element, drawing, mark, bar, sortable, failed, SHAPES };
})();
