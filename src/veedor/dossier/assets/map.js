"use strict";
// Stations by coordinates, on a canvas of our own: no tiles, no outside request. Drag or arrow keys move, + and - zoom.
(function () {
  const { load, text, number, percent, element, drawing, mark } = veedor;
  const SEQUENCE = ["#f3e9c6", "#d3d79a", "#9cc08b", "#5f9f8b", "#33768a", "#254a7a", "#1c2150"];
  const DIVERGING = ["#8a4a00", "#c77d1a", "#ecc27f", "#efece4", "#9db7dd", "#4b79b8", "#1d4480"];
  const NONE = "#c9c5bb";

  const mercator = (latitude) => Math.log(Math.tan(Math.PI / 4 + (Math.max(-85, Math.min(85, latitude)) * Math.PI) / 360));
  const inverse = (y) => (Math.atan(Math.exp(y)) * 360) / Math.PI - 90;

  function weightedRange(values, weights, share) {
    const order = values.map((_, at) => at).sort((a, b) => values[a] - values[b]);
    const all = weights.reduce((sum, one) => sum + one, 0);
    let seen = 0;
    let low = values[order[0]];
    let high = values[order[order.length - 1]];
    let lowSet = false;
    for (const at of order) {
      seen += weights[at];
      if (!lowSet && seen >= all * share) {
        low = values[at];
        lowSet = true;
      }
      if (seen <= all * (1 - share)) {
        high = values[at];
      }
    }
    return [low, high];
  }

  function groupsOf(election, value) {
    return value.latitude.map(function (latitude, at) {
      const votes = value.votes.map((column) => column[at]);
      const valid = votes.reduce((sum, one) => sum + one, 0);
      const order = votes.map((_, choice) => choice).sort((a, b) => votes[b] - votes[a]);
      const cast = valid + value.blank[at] + value.null[at] + value.other[at];
      return {
        at,
        latitude,
        longitude: value.longitude[at],
        x: (value.longitude[at] * Math.PI) / 180,
        y: -mercator(latitude),
        place: value.place[at],
        stations: value.stations[at],
        registered: value.registered[at],
        valid,
        cast,
        votes,
        first: order[0],
        second: order[1],
        turnout: value.registered[at] > 0 ? cast / value.registered[at] : null,
      };
    });
  }

  function start([tree, election, value, said]) {
    const canvas = document.getElementById("map-canvas");
    const tip = document.getElementById("map-tip");
    const legend = document.getElementById("map-legend");
    const view = document.getElementById("map-view");
    const publication = document.getElementById("map-publication");
    const nearby = document.getElementById("map-list");
    if (canvas === null) {
      return; // no station has coordinates: the page says so
    }
    document.querySelector(".loading").remove();
    document.getElementById("map-parts").hidden = false;
    const groups = groupsOf(election, value);
    const totals = tree.places.votes.map((column) => column[0]);
    const ranking = totals.map((_, choice) => choice).sort((a, b) => totals[b] - totals[a]);
    const [one, two] = ranking;
    const context = canvas.getContext("2d");
    const shapes = veedor.SHAPES.map((path) => new Path2D(path));
    let width = 0;
    let height = 0;
    let center = { x: 0, y: 0 };
    let scale = 1;
    let homeScale = 1; // the scale at which most voters fit, and the size of a mark for one station there
    let unit = 1;
    let waiting = false;

    const missing = (group) => (publication.value === "" ? 0 : value.missing[Number(publication.value)][group.at]);

    // colour, and the shape that says the same without colour
    const looks = {
      leader: (group) => (group.valid > 0 ? { color: election.choices[group.first].color, shape: election.choices[group.first].shape } : { color: NONE, shape: 1 }),
      lead: function (group) {
        if (!group.valid || two === undefined) {
          return { color: NONE, shape: 1 };
        }
        const lead = (group.votes[one] - group.votes[two]) / group.valid;
        const step = Math.max(0, Math.min(6, Math.round(3 + lead * 3.6)));
        return { color: DIVERGING[step], shape: lead >= 0 ? 1 : 2 };
      },
      turnout: function (group) {
        if (group.turnout === null) {
          return { color: NONE, shape: 1 };
        }
        return { color: SEQUENCE[Math.max(0, Math.min(6, Math.floor((group.turnout - 0.65) / 0.05)))], shape: 1 };
      },
      missing: (group) => (missing(group) > 0 ? { color: "#8a2d0f", shape: 3 } : { color: "#dedad0", shape: 1 }),
    };

    // Where most voters are: the broadest place that holds more than half of them but not everything.
    function home() {
      let chosen = 0;
      let next = 0;
      while (next !== undefined) {
        const place = next;
        next = tree.children[place].find((child) => tree.places.registered[child] * 2 > tree.places.registered[0]);
        chosen = next === undefined ? chosen : next;
        if (next !== undefined && tree.places.registered[next] < tree.places.registered[place]) {
          break;
        }
      }
      return chosen;
    }

    function fit(most) {
      const place = most ? home() : 0;
      const from = tree.places.start[place];
      const to = from + tree.places.size[place];
      const inside = groups.filter((group) => tree.places.start[group.place] >= from && tree.places.start[group.place] < to);
      const weights = inside.map((group) => Math.max(1, group.registered));
      const share = most ? 0.0002 : 0;
      const [left, right] = weightedRange(inside.map((group) => group.x), weights, share);
      const [top, bottom] = weightedRange(inside.map((group) => group.y), weights, share);
      center = { x: (left + right) / 2, y: (top + bottom) / 2 };
      scale = 0.9 * Math.min(width / Math.max(right - left, 1e-4), height / Math.max(bottom - top, 1e-4));
      if (most) {
        homeScale = scale;
        unit = Math.min(3, 0.06 * Math.sqrt((width * height) / Math.max(1, inside.length)));
      }
      draw();
    }

    const screen = (group) => [(group.x - center.x) * scale + width / 2, (group.y - center.y) * scale + height / 2];

    function radius(group) {
      return Math.max(2, Math.min(16, Math.sqrt(group.stations) * unit * Math.pow(scale / homeScale, 0.35)));
    }

    function symbol(x, y, size, look) {
      context.save();
      context.translate(x - size, y - size);
      context.scale(size / 6, size / 6);
      context.fillStyle = look.color;
      context.fill(shapes[look.shape]);
      if (size > 3.5) {
        context.lineWidth = 4 / size;
        context.strokeStyle = "rgba(255,255,255,.85)";
        context.stroke(shapes[look.shape]);
      }
      context.restore();
    }

    function graticule() {
      const span = (width / scale) * (180 / Math.PI);
      const step = [60, 30, 20, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01].find((size) => span / size >= 4) || 0.005;
      const digits = step < 0.1 ? 2 : step < 1 ? 1 : 0;
      context.strokeStyle = "#eceae3";
      context.fillStyle = "#6f6c64";
      context.lineWidth = 1;
      context.font = "11px Helvetica, Arial, sans-serif";
      const left = ((center.x - width / 2 / scale) * 180) / Math.PI;
      for (let degree = Math.ceil(left / step) * step; degree < left + span; degree += step) {
        const x = ((degree * Math.PI) / 180 - center.x) * scale + width / 2;
        context.beginPath();
        context.moveTo(x, 0);
        context.lineTo(x, height);
        context.stroke();
        context.fillText(number(Math.abs(degree), digits) + "°" + (degree < 0 ? text("js.west") : text("js.east")), x + 3, height - 5);
      }
      const south = inverse(-(center.y + height / 2 / scale));
      const north = inverse(-(center.y - height / 2 / scale));
      for (let degree = Math.ceil(south / step) * step; degree < north; degree += step) {
        const y = (-mercator(degree) - center.y) * scale + height / 2;
        context.beginPath();
        context.moveTo(0, y);
        context.lineTo(width, y);
        context.stroke();
        context.fillText(number(Math.abs(degree), digits) + "°" + (degree < 0 ? text("js.south") : text("js.north")), 4, y - 4);
      }
    }

    // Names of the places with most voters that fit without touching one another.
    const labels = (function () {
      const sizes = election.levels.map((_, level) => tree.places.level.filter((own) => own === level).length);
      const level = sizes.reduce((best, size, at) => (size <= 600 && size * 3 <= groups.length ? at : best), 0);
      const found = new Map();
      for (const group of groups) {
        let place = group.place;
        while (place > 0 && tree.places.level[place] > level) {
          place = tree.places.parent[place];
        }
        if (place > 0) {
          const sum = found.get(place) || { x: 0, y: 0, weight: 0, name: tree.name(place) };
          const weight = Math.max(1, group.registered);
          found.set(place, { x: sum.x + group.x * weight, y: sum.y + group.y * weight, weight: sum.weight + weight, name: sum.name });
        }
      }
      return Array.from(found.values())
        .map((sum) => ({ x: sum.x / sum.weight, y: sum.y / sum.weight, weight: sum.weight, name: sum.name }))
        .sort((a, b) => b.weight - a.weight);
    })();

    function names() {
      context.font = "600 12px Helvetica, Arial, sans-serif";
      context.textAlign = "center";
      context.lineJoin = "round";
      const taken = [];
      let drawn = 0;
      for (const label of labels) {
        if (drawn >= 14) {
          break;
        }
        const [x, y] = screen(label);
        const half = context.measureText(label.name).width / 2 + 6;
        const box = [x - half, y - 12, x + half, y + 10];
        const free = x > half && x < width - half && y > 14 && y < height - 20 && taken.every((other) => box[2] < other[0] || box[0] > other[2] || box[3] < other[1] || box[1] > other[3]);
        if (free) {
          taken.push(box);
          drawn += 1;
          context.lineWidth = 4;
          context.strokeStyle = "rgba(255,255,255,.9)";
          context.strokeText(label.name, x, y);
          context.fillStyle = "#1b1b1a";
          context.fillText(label.name, x, y);
        }
      }
      context.textAlign = "left";
    }

    // Reported events, numbered as in the list below the map, each in the middle of its place's voters: no source names a point.
    const events = (function () {
      const marks = new Map();
      said.filter((one) => !one.claim && one.places.length).forEach(function (one, at) {
        for (const place of one.places) {
          marks.set(place, (marks.get(place) || []).concat([String(at + 1)]));
        }
      });
      return Array.from(marks, function ([place, numbers]) {
        const from = tree.places.start[place];
        const to = from + tree.places.size[place];
        const inside = groups.filter((group) => tree.places.start[group.place] >= from && tree.places.start[group.place] < to);
        const weight = inside.reduce((sum, group) => sum + Math.max(1, group.registered), 0);
        const mean = (axis) => inside.reduce((sum, group) => sum + group[axis] * Math.max(1, group.registered), 0) / weight;
        return { x: mean("x"), y: mean("y"), label: numbers.join(" · "), shown: inside.length > 0 };
      }).filter((mark) => mark.shown);
    })();

    function reported() {
      context.font = "700 12px Helvetica, Arial, sans-serif";
      context.textAlign = "center";
      for (const mark of events) {
        const [x, y] = screen(mark);
        const half = context.measureText(mark.label).width / 2 + 6;
        context.fillStyle = "#1b1b1a";
        context.fillRect(x - half, y - 30, 2 * half, 19);
        context.beginPath();
        context.moveTo(x - 5, y - 11);
        context.lineTo(x + 5, y - 11);
        context.lineTo(x, y - 3);
        context.fill();
        context.fillStyle = "#ffffff";
        context.fillText(mark.label, x, y - 16);
      }
      context.textAlign = "left";
    }

    function inView() {
      return groups.filter(function (group) {
        const [x, y] = screen(group);
        return x >= 0 && x <= width && y >= 0 && y <= height;
      });
    }

    function paint() {
      waiting = false;
      const ratio = window.devicePixelRatio || 1;
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, width, height);
      graticule();
      const look = looks[view.value];
      const seen = inView();
      const last = view.value === "missing" ? seen.slice().sort((a, b) => missing(a) - missing(b)) : seen.slice().sort((a, b) => b.stations - a.stations);
      for (const group of last) {
        const [x, y] = screen(group);
        symbol(x, y, radius(group), look(group));
      }
      names();
      reported();
      list(seen);
    }

    function draw() {
      if (!waiting) {
        waiting = true;
        requestAnimationFrame(paint);
      }
    }

    function sayValue(group) {
      if (view.value === "turnout") {
        return percent(group.cast, group.registered);
      }
      if (view.value === "missing") {
        return text("js.n_of", { n: number(missing(group)), of: number(group.stations) });
      }
      if (!group.valid) {
        return "–";
      }
      if (view.value === "lead") {
        return number((100 * (group.votes[one] - (two === undefined ? 0 : group.votes[two]))) / group.valid, 2);
      }
      return election.choices[group.first].id + " " + percent(group.votes[group.first], group.valid);
    }

    let listed = 0;
    function list(seen) {
      clearTimeout(listed);
      listed = setTimeout(function () {
        const weight = view.value === "missing" ? missing : (group) => group.registered;
        const top = seen.slice().sort((a, b) => weight(b) - weight(a)).slice(0, 15);
        const rows = top.map(function (group) {
          const where = tree.pathNames(group.place);
          const link = element("a", { href: "count.html" + tree.address(group.place) }, where[where.length - 1] || tree.name(0));
          return element(
            "tr",
            {},
            element("th", { scope: "row" }, link, " ", element("span", { class: "note" }, where.slice(0, -1).reverse().slice(0, 2).join(", "))),
            element("td", { class: "n" }, number(group.stations)),
            element("td", { class: "n" }, number(group.registered)),
            element("td", { class: "n" }, sayValue(group)),
          );
        });
        const heads = [text("js.place"), text("js.stations"), text("js.registered"), view.options[view.selectedIndex].text];
        nearby.replaceChildren(
          element("caption", { id: "map-list-name" }, element("span", {}, text("js.in_view", { n: number(seen.length), shown: number(top.length) }))),
          element("thead", {}, element("tr", {}, ...heads.map((head, at) => element("th", { scope: "col", class: at ? "n" : null }, head)))),
          element("tbody", {}, ...rows),
        );
      }, 120);
    }

    function key(color, shape, label) {
      const path = drawing("path", { d: veedor.SHAPES[shape], fill: color, stroke: "#77746c", "stroke-width": "0.4" });
      return element("li", {}, drawing("svg", { viewBox: "0 0 12 12", "aria-hidden": "true" }, path), label);
    }

    function explain() {
      const rows = {
        leader: () => ranking.slice(0, 6).map((choice) => key(election.choices[choice].color, election.choices[choice].shape, election.choices[choice].id)),
        lead: function () {
          const names = { one: election.choices[one].id, two: two === undefined ? "–" : election.choices[two].id };
          return [
            key(DIVERGING[6], 1, text("js.lead_far", { who: names.one })),
            key(DIVERGING[4], 1, text("js.lead_near", { who: names.one })),
            key(DIVERGING[2], 2, text("js.lead_near", { who: names.two })),
            key(DIVERGING[0], 2, text("js.lead_far", { who: names.two })),
          ];
        },
        turnout: () => SEQUENCE.map((color, at) => key(color, 1, at === 0 ? text("js.below", { n: number(70) }) : text("js.from", { n: number(65 + 5 * at) }))),
        missing: () => [key("#8a2d0f", 3, text("js.some_missing")), key("#dedad0", 1, text("js.none_missing"))],
      };
      const reports = events.length ? [element("li", {}, element("a", { href: "#events" }, text("js.map_events")))] : [];
      legend.replaceChildren(...rows[view.value](), ...reports);
      document.getElementById("map-publications").hidden = view.value !== "missing";
      draw();
    }

    function zoom(factor, x, y) {
      const px = x === undefined ? width / 2 : x;
      const py = y === undefined ? height / 2 : y;
      const next = Math.max(20, Math.min(4e6, scale * factor));
      center.x += (px - width / 2) * (1 / scale - 1 / next);
      center.y += (py - height / 2) * (1 / scale - 1 / next);
      scale = next;
      draw();
    }

    function pan(dx, dy) {
      center.x -= dx / scale;
      center.y -= dy / scale;
      draw();
    }

    function nearest(x, y) {
      let best = null;
      let least = 18 * 18;
      for (const group of inView()) {
        const [gx, gy] = screen(group);
        const distance = (gx - x) * (gx - x) + (gy - y) * (gy - y);
        if (distance < least) {
          least = distance;
          best = group;
        }
      }
      return best;
    }

    function tell(group) {
      if (group === null) {
        return;
      }
      const where = tree.pathNames(group.place);
      const order = ranking.slice().sort((a, b) => group.votes[b] - group.votes[a]).slice(0, 3);
      const shares = order.map((choice) => election.choices[choice].id + " " + percent(group.votes[choice], group.valid));
      tip.replaceChildren(
        element("a", { href: "count.html" + tree.address(group.place) }, where[where.length - 1] || tree.name(0)),
        " ",
        element("span", { class: "note" }, where.slice(0, -1).reverse().join(", ")),
        element("br", {}),
        text("js.tip", { stations: number(group.stations), registered: number(group.registered), turnout: percent(group.cast, group.registered) }) + " · " + shares.join(" · "),
      );
    }

    const pointers = new Map();
    let moved = false;
    canvas.addEventListener("pointerdown", function (event) {
      canvas.setPointerCapture(event.pointerId);
      pointers.set(event.pointerId, [event.offsetX, event.offsetY]);
      moved = false;
    });
    canvas.addEventListener("pointermove", function (event) {
      const before = pointers.get(event.pointerId);
      if (!before) {
        tell(nearest(event.offsetX, event.offsetY));
        return;
      }
      if (pointers.size === 2) {
        const other = Array.from(pointers.entries()).find(([id]) => id !== event.pointerId)[1];
        const was = Math.hypot(before[0] - other[0], before[1] - other[1]);
        const now = Math.hypot(event.offsetX - other[0], event.offsetY - other[1]);
        zoom(now / Math.max(1, was), (event.offsetX + other[0]) / 2, (event.offsetY + other[1]) / 2);
      } else {
        pan(event.offsetX - before[0], event.offsetY - before[1]);
      }
      moved = moved || Math.hypot(event.offsetX - before[0], event.offsetY - before[1]) > 2;
      pointers.set(event.pointerId, [event.offsetX, event.offsetY]);
    });
    function lift(event) {
      if (pointers.delete(event.pointerId) && !moved) {
        tell(nearest(event.offsetX, event.offsetY));
      }
    }
    canvas.addEventListener("pointerup", lift);
    canvas.addEventListener("pointercancel", lift);
    canvas.addEventListener("wheel", function (event) {
      event.preventDefault();
      zoom(Math.exp(-event.deltaY * 0.0015), event.offsetX, event.offsetY);
    }, { passive: false });
    canvas.addEventListener("keydown", function (event) {
      const moves = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };
      if (moves[event.key]) {
        pan(...moves[event.key]);
      } else if (event.key === "+" || event.key === "=") {
        zoom(1.5);
      } else if (event.key === "-") {
        zoom(1 / 1.5);
      } else if (event.key === "0") {
        fit(true);
      } else {
        return;
      }
      event.preventDefault();
    });
    document.getElementById("map-in").addEventListener("click", () => zoom(1.6));
    document.getElementById("map-out").addEventListener("click", () => zoom(1 / 1.6));
    document.getElementById("map-most").addEventListener("click", () => fit(true));
    document.getElementById("map-all").addEventListener("click", () => fit(false));
    view.addEventListener("change", explain);
    publication.addEventListener("change", draw);

    function resize() {
      const ratio = window.devicePixelRatio || 1;
      width = canvas.clientWidth;
      height = canvas.clientHeight;
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      draw();
    }
    new ResizeObserver(resize).observe(canvas);
    resize();
    explain();
    fit(true);
  }

  document.addEventListener("DOMContentLoaded", function () {
    Promise.all([veedor.tree.loadTree(), load("election"), load("map")])
      .then((loaded) => (loaded[1].claims ? load("claims") : Promise.resolve([])).then((said) => loaded.concat([said])))
      .then(start).catch(veedor.failed);
  });
})();
