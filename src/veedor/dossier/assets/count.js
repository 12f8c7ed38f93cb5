"use strict";
// The drill-down: from the whole to a station, place by place. The address after # names the place.
(function () {
  const { load, text, number, percent, element, mark, bar } = veedor;
  const MOST_COLUMNS = 6;

  function leading(votes) {
    const order = votes.map((_, choice) => choice).sort((a, b) => votes[b] - votes[a]);
    return { first: order[0], second: order[1] };
  }

  function figures(tree, place) {
    const { places } = tree;
    return {
      sheets: places.sheets[place],
      known: places.size[place],
      registered: places.registered[place],
      votes: places.votes.map((column) => column[place]),
      blank: places.blank[place],
      other: places.other[place],
      null: places.null[place],
    };
  }

  const sum = (numbers) => numbers.reduce((all, one) => all + one, 0);

  function cell(value, shown) {
    return element("td", { class: "n", "data-value": value === null || Number.isNaN(value) ? "-1" : String(value) }, shown);
  }

  function crumbs(tree, place) {
    const list = element("ol", {});
    const steps = tree.crumbs(place);
    steps.forEach(function (step, at) {
      const inside = at === steps.length - 1 ? element("span", { "aria-current": "page" }, tree.name(step)) : element("a", { href: tree.address(step) }, tree.name(step));
      list.append(element("li", {}, inside));
    });
    return element("nav", { class: "crumbs", "aria-label": text("js.you_are_here") }, list);
  }

  function resultRows(election, at) {
    const valid = sum(at.votes);
    const order = at.votes.map((_, choice) => choice).sort((a, b) => at.votes[b] - at.votes[a]);
    const most = Math.max(1, ...at.votes);
    return order.map(function (choice) {
      const one = election.choices[choice];
      return element(
        "tr",
        {},
        element("th", { scope: "row" }, mark(one), element("span", {}, veedor.said(one.name)), " ", element("span", { class: "party" }, one.id)),
        element("td", { class: "bar" }, bar(at.votes[choice] / most, one.color)),
        element("td", { class: "n" }, number(at.votes[choice])),
        element("td", { class: "n share" }, percent(at.votes[choice], valid)),
      );
    });
  }

  function resultTable(election, at, name) {
    const heads = ["js.choice", "", "js.votes", "js.share"].map(function (key, column) {
      return element(key ? "th" : "td", { scope: key ? "col" : null, class: column > 1 ? "n" : null }, key ? text(key) : "");
    });
    return element(
      "table",
      { class: "results" },
      element("caption", { class: "visually-hidden" }, name),
      element("thead", {}, element("tr", {}, ...heads)),
      element("tbody", {}, ...resultRows(election, at)),
    );
  }

  function summary(election, at) {
    const cast = sum(at.votes) + at.blank + at.null + at.other;
    const parts = [text("js.sheets_of", { n: number(at.sheets), of: number(at.known) })];
    if (at.registered > 0) {
      parts.push(text("js.registered_n", { n: number(at.registered) }), text("js.turnout_n", { n: percent(cast, at.registered) }));
    }
    const published = ["blank", "null"].filter((name) => !election.not_published.includes(name));
    if (published.length === 2) {
      parts.push(text("js.blank_null", { blank: number(at.blank), null: number(at.null) }));
    } else if (published.length === 1) {
      parts.push(text("js." + published[0] + "_only", { n: number(at[published[0]]) }));
    }
    return element("p", { class: "note" }, parts.join(" · "));
  }

  // One line of the table of places or stations: a link, then figures. shown: "shares" or "votes".
  function line(election, columns, shown, label, at) {
    // Only a single sheet says which of its figures are absent: then its shares, lead and turnout are not known.
    const absent = at.absent || { votes: at.votes.map(() => false), blank: false, null: false };
    const someAbsent = absent.votes.includes(true);
    const valid = someAbsent ? 0 : sum(at.votes);
    const cast = someAbsent || absent.blank || absent.null ? null : valid + at.blank + at.null + at.other;
    const figure = (value, gone) => (gone ? cell(null, text("js.absent")) : cell(value, number(value)));
    const { first, second } = leading(at.votes);
    const lead = valid > 0 && second !== undefined ? (at.votes[first] - at.votes[second]) / valid : null;
    const cells = [
      cell(at.sheets, at.known === at.sheets ? number(at.sheets) : text("js.n_of", { n: number(at.sheets), of: number(at.known) })),
      cell(at.registered, number(at.registered || null)),
      cell(at.registered && cast !== null ? cast / at.registered : null, cast === null ? "–" : percent(cast, at.registered)),
      element("td", { class: "who-leads" }, ...(valid > 0 ? [mark(election.choices[first]), election.choices[first].id] : ["–"])),
      cell(lead, lead === null ? "–" : number(100 * lead, 2)),
    ];
    for (const choice of columns) {
      cells.push(
        shown === "votes" || absent.votes[choice]
          ? figure(at.votes[choice], absent.votes[choice])
          : cell(valid ? at.votes[choice] / valid : null, percent(at.votes[choice], valid)),
      );
    }
    for (const name of ["blank", "null"]) {
      cells.push(election.not_published.includes(name) ? cell(null, "–") : figure(at[name], absent[name]));
    }
    return element("tr", {}, element("th", { scope: "row" }, label), ...cells);
  }

  function table(election, columns, head, caption, rows) {
    const names = [head, text("js.sheets"), text("js.registered"), text("js.turnout"), text("js.leader"), text("js.lead")]
      .concat(columns.map((choice) => election.choices[choice].id), [text("js.blank"), text("js.null")]);
    const made = element(
      "table",
      {},
      element("caption", { id: "list-name" }, element("span", {}, caption)),
      element("thead", {}, element("tr", {}, ...names.map((name, at) => element("th", { scope: "col", class: at > 0 && at !== 4 ? "n" : null }, name)))),
      element("tbody", {}, ...rows),
    );
    veedor.sortable(made);
    return element("div", { class: "scroll", role: "region", tabindex: "0", "aria-labelledby": "list-name" }, made);
  }

  // The last state of each station's sheet in the count that is shown, from the chunks that hold the range.
  function stationsIn(election, from, to) {
    const wanted = [];
    for (let chunk = 0; chunk + 1 < election.chunks.length; chunk += 1) {
      if (election.chunks[chunk] < to && election.chunks[chunk + 1] > from) {
        wanted.push(load("chunk-" + chunk));
      }
    }
    return Promise.all(wanted).then(function (chunks) {
      const found = new Map();
      for (const chunk of chunks) {
        chunk.station.forEach(function (offset, row) {
          const at = chunk.first + offset;
          const inCount = election.publications[chunk.publication[row]].count === election.shown.count;
          if (at < from || at >= to || !inCount) {
            return;
          }
          const out = chunk.change[row] === 2 || (chunk.open !== null && chunk.open[row]);
          found.set(at, {
            sheets: out ? 0 : 1,
            known: 1,
            registered: out || chunk.registered === null ? 0 : chunk.registered[row] || 0,
            votes: chunk.votes.map((column) => (out || column === null ? 0 : column[row] || 0)),
            other: out ? 0 : election.other.reduce((all, one, place) => all + (one.cast && chunk.other[place] !== null ? chunk.other[place][row] || 0 : 0), 0),
            blank: out || chunk.blank === null ? 0 : chunk.blank[row] || 0,
            null: out || chunk.null === null ? 0 : chunk.null[row] || 0,
            absent: {
              votes: chunk.votes.map((column) => !out && (column === null || column[row] === null)),
              blank: !out && chunk.blank !== null && chunk.blank[row] === null,
              null: !out && chunk.null !== null && chunk.null[row] === null,
            },
          });
        });
      }
      return found;
    });
  }

  function start([tree, election]) {
    const target = document.getElementById("place");
    const order = tree.places.votes.map((column, choice) => [column[0], choice]).sort((a, b) => b[0] - a[0]);
    const columns = order.slice(0, order.length > MOST_COLUMNS ? 4 : MOST_COLUMNS).map((pair) => pair[1]);
    let shown = "shares";
    let first = true;

    function choose(redraw) {
      const group = element("fieldset", { class: "choose" }, element("legend", {}, text("js.show")));
      for (const kind of ["shares", "votes"]) {
        const input = element("input", { type: "radio", name: "shown", value: kind });
        input.checked = kind === shown;
        input.addEventListener("change", function () {
          shown = kind;
          redraw();
        });
        group.append(element("label", {}, input, text("js.show_" + kind)));
      }
      return group;
    }

    function lines(place) {
      const below = tree.children[place];
      if (below.length) {
        const level = veedor.said(election.levels[tree.places.level[below[0]]]);
        below.sort((a, b) => tree.places.registered[b] - tree.places.registered[a] || tree.places.size[b] - tree.places.size[a]);
        const rows = () => below.map((child) => line(election, columns, shown, element("a", { href: tree.address(child) }, tree.name(child)), figures(tree, child)));
        return Promise.resolve({ level, rows, caption: text("js.by_level", { level }) });
      }
      const from = tree.places.start[place];
      const to = from + tree.places.size[place];
      return Promise.all([load("stations"), stationsIn(election, from, to)]).then(function ([stations, found]) {
        const none = { sheets: 0, known: 1, registered: 0, votes: election.choices.map(() => 0), blank: 0, null: 0, other: 0 };
        function rows() {
          const made = [];
          for (let at = from; at < to; at += 1) {
            const href = "station.html?id=" + encodeURIComponent(stations[at]);
            made.push(line(election, columns, shown, element("a", { href }, stations[at]), found.get(at) || none));
          }
          return made;
        }
        return { level: text("js.polling_station"), rows, caption: text("js.by_station") };
      });
    }

    function show() {
      let place = tree.find(location.hash);
      const missing = place === null;
      place = missing ? 0 : place;
      while (tree.children[place].length === 1) {
        place = tree.children[place][0];
      }
      const at = figures(tree, place);
      return lines(place).then(function ({ level, rows, caption }) {
        const heading = element("h2", { tabindex: "-1" }, tree.name(place));
        const list = element("div", {});
        function redraw() {
          list.replaceChildren(table(election, columns, level, caption, rows()));
        }
        redraw();
        target.replaceChildren(
          ...(place > 0 ? [crumbs(tree, place)] : []),
          heading,
          ...(missing ? [element("p", { role: "alert" }, text("js.no_place"))] : []),
          summary(election, at),
          resultTable(election, at, tree.name(place)),
          choose(redraw),
          list,
        );
        if (!first) {
          heading.focus({ preventScroll: true });
          target.scrollIntoView({ block: "start" });
        }
        first = false;
      });
    }
    window.addEventListener("hashchange", show);
    return show();
  }

  document.addEventListener("DOMContentLoaded", function () {
    Promise.all([veedor.tree.loadTree(), load("election")]).then(start).catch(veedor.failed);
  });
})();
