"use strict";
// One polling station: its figures in every count and publication side by side, and what changed between them.
(function () {
  const { load, text, number, signed, percent, element, mark } = veedor;

  function chunkOf(election, at) {
    let chunk = 0;
    while (chunk + 2 < election.chunks.length && election.chunks[chunk + 1] <= at) {
      chunk += 1;
    }
    return chunk;
  }

  // The states of a sheet, oldest first: { publication, change, status, registered, votes, blank, ... }.
  function states(chunk, at) {
    const found = [];
    chunk.station.forEach(function (offset, row) {
      if (chunk.first + offset !== at) {
        return;
      }
      const state = {
        publication: chunk.publication[row],
        change: chunk.change[row],
        status: chunk.status && chunk.status[row],
        place: chunk.place[row] || null,
        votes: chunk.votes.map((column) => (column === null ? null : column[row])),
      };
      for (const name of ["registered", "blank", "null", "valid", "cast"]) {
        state[name] = chunk[name] === null ? null : chunk[name][row];
      }
      state.other = chunk.other.map((column) => (column === null ? null : column[row]));
      state.lacks = ["blank", "null"].some((name) => chunk[name] !== null && chunk[name][row] === null);
      found.push(state);
    });
    return found;
  }

  function rowsOf(election) {
    const rows = [{ label: text("js.registered"), value: (state) => state.registered }];
    election.choices.forEach(function (choice, at) {
      rows.push({ label: veedor.said(choice.name), party: choice.id, choice, figure: true, value: (state) => state.votes[at] });
    });
    // A sum of which a part is absent is not known; blank or null votes that no sheet gives are no part of it.
    const other = (state) => election.other.reduce((all, one, at) => all + (one.cast ? state.other[at] || 0 : 0), 0);
    const valid = (state) => (state.votes.includes(null) ? null : state.votes.reduce((all, one) => all + one, 0));
    const cast = (state) => (valid(state) === null || state.lacks ? null : valid(state) + (state.blank || 0) + (state.null || 0) + other(state));
    rows.push({ label: text("js.valid_sum"), value: valid, total: true });
    rows.push({ label: text("js.blank"), figure: true, value: (state) => state.blank });
    rows.push({ label: text("js.null"), figure: true, value: (state) => state.null });
    election.other.forEach(function (one, at) {
      rows.push({ label: veedor.said(one.name), figure: true, value: (state) => state.other[at] });
    });
    rows.push({ label: text("js.cast_sum"), value: cast, total: true });
    rows.push({ label: text("js.valid_printed"), value: (state) => state.valid });
    rows.push({ label: text("js.cast_printed"), value: (state) => state.cast });
    rows.push({ label: text("js.turnout"), value: (state) => (state.registered && cast(state) !== null ? cast(state) / state.registered : null), share: true });
    return rows;
  }

  function stateHead(election, state) {
    const publication = election.publications[state.publication];
    const said = [text("js.change_" + state.change)];
    if (state.status) {
      said.push(text("js.status_" + state.status));
    }
    return element(
      "th",
      { scope: "col", class: "n" },
      veedor.said(publication.name),
      element("br", {}),
      veedor.said(publication.time),
      element("br", {}),
      element("em", {}, said.join(", ")),
    );
  }

  function table(election, known) {
    const rows = rowsOf(election).filter((row) => row.choice || known.some((state) => row.value(state) !== null));
    const body = rows.map(function (row) {
      const values = known.map(row.value);
      const cells = values.map(function (value, at) {
        const before = at > 0 ? values[at - 1] : value;
        const differs = at > 0 && value !== before && value !== null && before !== null;
        const shown = row.share ? percent(value, 1) : number(value);
        const none = row.figure ? text("js.absent") : "–";
        const made = element("td", { class: differs && !row.share ? "n changed" : "n" }, value === null ? none : shown);
        if (differs && !row.share) {
          made.append(element("br", {}), element("small", {}, signed(value - before)));
        }
        return made;
      });
      const label = element("th", { scope: "row" });
      if (row.choice) {
        label.append(mark(row.choice), row.label + " ", element("span", { class: "party" }, row.party));
      } else {
        label.append(row.label);
      }
      return element("tr", { class: row.total ? "total" : null }, label, ...cells);
    });
    const made = element(
      "table",
      { class: "fit" },
      element("caption", { id: "states-name" }, element("span", {}, text("js.states_caption"))),
      element("thead", {}, element("tr", {}, element("th", { scope: "col" }, text("js.figure")), ...known.map((state) => stateHead(election, state)))),
      element("tbody", {}, ...body),
    );
    return element("div", { class: "scroll", role: "region", tabindex: "0", "aria-labelledby": "states-name" }, made);
  }

  // In which publications of each count the sheet is: "in 18 of 24 publications, first on ...".
  function presence(election, known) {
    const list = element("ul", { class: "note" });
    for (const count of election.counts) {
      const all = election.publications.map((publication, at) => ({ publication, at })).filter((one) => one.publication.count === count.id);
      const mine = known.filter((state) => election.publications[state.publication].count === count.id);
      let present = false;
      let times = 0;
      for (const { at } of all) {
        const state = mine.find((one) => one.publication === at);
        present = state ? state.change !== 2 : present;
        times += present ? 1 : 0;
      }
      const first = mine.length ? veedor.said(election.publications[mine[0].publication].time) : "";
      const key = times === 0 ? "js.presence_none" : all.length === 1 ? "js.presence_one" : "js.presence";
      list.append(element("li", {}, text(key, { count: veedor.said(count.name), n: number(times), of: number(all.length), first })));
    }
    return list;
  }

  // The chunk of receipts with a station: -1 where it has none, or where the dossier comes without a record.
  function receiptChunk(receipts, at) {
    if (receipts === null || receipts.absent.some(([first, end]) => at >= first && at < end)) {
      return -1;
    }
    let chunk = 0;
    while (chunk + 2 < receipts.bounds.length && receipts.bounds[chunk + 1] <= at) {
      chunk += 1;
    }
    return chunk;
  }

  // The file's name and text of a receipt: what all of a chunk share, and what is this station's.
  function receiptOf(chunk, id, suffix) {
    const row = chunk.station.indexOf(id);
    if (row < 0) {
      throw new Error(id);
    }
    const path = chunk.path[row].map((step) => chunk.nodes[step]);
    const lines = ["c2sp.org/tlog-proof@v1", "extra " + chunk.entry[row], "index " + chunk.index[row], ...path, "", chunk.checkpoint];
    return { name: (chunk.name[row] === null ? id : chunk.name[row]) + suffix, text: lines.join("\n") };
  }

  // A button that saves the station's receipt, where the record holds its sheet; its chunk is loaded when asked for.
  function receipt(election, id, at) {
    const receipts = election.receipts;
    const number = receiptChunk(receipts, at);
    if (number < 0) {
      return [];
    }
    const button = element("button", { type: "button" }, veedor.said(receipts.text));
    const status = element("p", { role: "status" });
    const check = element("a", { href: "../record/verify.html" }, veedor.said(receipts.check));
    button.addEventListener("click", function () {
      load("receipts-" + number).then(function (chunk) {
        const made = receiptOf(chunk, id, receipts.suffix);
        const address = URL.createObjectURL(new Blob([made.text], { type: "application/octet-stream" }));
        const link = element("a", { href: address, download: made.name }, made.name);
        status.replaceChildren(veedor.said(receipts.saved) + " ", link, " · ", check);
        link.click();
      }).catch(function () {
        status.replaceChildren(veedor.said(receipts.failed));
      });
    });
    return [element("p", {}, button), status];
  }

  function says(election, known) {
    const figures = (state) => JSON.stringify([state.registered, state.votes, state.blank, state.null, state.other]);
    const living = known.filter((state) => state.change !== 2);
    const distinct = new Set(living.map(figures)).size;
    if (living.length < 2) {
      return text("js.says_once");
    }
    return distinct === 1 ? text("js.says_same", { n: number(living.length) }) : text("js.says_differ");
  }

  // The findings that list this sheet among their cases.
  function named(listed, id) {
    const found = Object.hasOwn(listed.stations, id) ? listed.stations[id] : [];
    const lines = found.map(function (at) {
      const one = listed.findings[at];
      return element("li", {}, element("a", { href: one.href }, veedor.said(one.title)), one.about ? ": " + veedor.said(one.about) : "");
    });
    const head = element("h2", {}, text("js.named_title"));
    const note = element("p", { class: "note" }, text("js.named_note"));
    return lines.length
      ? [head, element("ul", { class: "known" }, ...lines), note]
      : [head, element("p", {}, text("js.named_none")), note];
  }

  function show([tree, election, stations]) {
    const target = document.getElementById("station");
    const id = new URLSearchParams(location.search).get("id");
    if (id === null || id === "") {
      target.replaceChildren(element("p", {}, text("js.no_station_given")));
      return null;
    }
    const at = stations.indexOf(id);
    document.getElementById("station-title").textContent = text("js.station", { id });
    // Whoever follows or stores the page's address follows this station's.
    const canonical = document.querySelector('link[rel="canonical"]');
    if (canonical) {
      canonical.href += "?id=" + encodeURIComponent(id);
    }
    document.title = text("js.station", { id }) + " · " + veedor.said(election.name);
    if (at < 0) {
      target.replaceChildren(element("p", { role: "alert" }, text("js.no_station", { id })));
      return null;
    }
    return Promise.all([load("chunk-" + chunkOf(election, at)), load("named")]).then(function ([chunk, listed]) {
      const known = states(chunk, at);
      const place = tree.placeOf(at);
      const steps = element("ol", {});
      for (const step of tree.crumbs(place)) {
        steps.append(element("li", {}, element("a", { href: "count.html" + tree.address(step) }, tree.name(step))));
      }
      const elsewhere = known.filter((state) => state.place !== null).map((state) =>
        element("p", { class: "note" }, text("js.other_place", {
          count: veedor.said(election.publications[state.publication].name),
          time: veedor.said(election.publications[state.publication].time),
          path: state.place.join(" › "),
        })),
      );
      const next = element("p", { class: "more steps" });
      [[at - 1, "js.previous_station"], [at + 1, "js.next_station"]].forEach(function ([other, key]) {
        if (other >= 0 && other < stations.length) {
          next.append(element("a", { href: "station.html?id=" + encodeURIComponent(stations[other]) }, text(key, { id: stations[other] })));
        }
      });
      target.replaceChildren(
        element("nav", { class: "crumbs", "aria-label": text("js.you_are_here") }, steps),
        element("p", { class: "dek" }, says(election, known)),
        table(election, known),
        ...elsewhere,
        presence(election, known),
        ...named(listed, id),
        ...receipt(election, id, at),
        next,
      );
    });
  }

  document.addEventListener("DOMContentLoaded", function () {
    Promise.all([veedor.tree.loadTree(), load("election"), load("stations")]).then(show).catch(veedor.failed);
  });
})();
