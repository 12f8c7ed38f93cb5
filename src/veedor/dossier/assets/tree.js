"use strict";
// The tree of places, and the search over places and stations.
veedor.tree = (function () {
  const { load, text, element } = veedor;

  function plain(name) {
    return name.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  }

  function Tree(election, places) {
    const children = places.name.map(function () {
      return [];
    });
    for (let place = 1; place < places.parent.length; place += 1) {
      children[places.parent[place]].push(place);
    }
    function path(place) {
      const steps = [];
      for (let step = place; step > 0; step = places.parent[step]) {
        steps.unshift(step);
      }
      return steps;
    }
    function name(place) {
      return place === 0 ? veedor.said(election.name) : places.name[place] || text("js.unnamed");
    }
    function address(place) {
      const steps = path(place).map(function (step) {
        return encodeURIComponent(places.name[step]);
      });
      return "#/" + steps.join("/");
    }
    function find(hash) {
      const steps = hash.replace(/^#\/?/, "").split("/");
      let place = 0;
      for (const step of steps[0] === "" && steps.length === 1 ? [] : steps) {
        let wanted;
        try {
          wanted = decodeURIComponent(step);
        } catch (error) {
          return null;
        }
        place = children[place].find(function (child) {
          return places.name[child] === wanted;
        });
        if (place === undefined) {
          return null;
        }
      }
      return place;
    }
    // The finest place of a station: the last one at the deepest level that starts at or before it.
    function placeOf(station) {
      let place = 0;
      while (children[place].length) {
        const below = children[place];
        let low = 0;
        let high = below.length - 1;
        while (low < high) {
          const middle = (low + high + 1) >> 1;
          if (places.start[below[middle]] <= station) {
            low = middle;
          } else {
            high = middle - 1;
          }
        }
        place = below[low];
      }
      return place;
    }
    function pathNames(place) {
      return path(place).filter((step) => places.name[step] !== "").map(name);
    }
    // The steps to show above a place: the whole, then every step that has a name, and the place itself.
    function crumbs(place) {
      return [0].concat(path(place).filter((step) => places.name[step] !== "" || step === place));
    }
    return { places, children, path, crumbs, name, address, find, placeOf, pathNames };
  }

  function loadTree() {
    return Promise.all([load("election"), load("places")]).then(function ([election, places]) {
      return Tree(election, places);
    });
  }

  const MOST = 12;

  // What people write before a station's number, and words that half of all places bear.
  const CALLED = /^((mesa|acta|polling|station|sheet|no|nro|num|numero|number|n)[.:º°#]*\s+)+/;
  const COMMON = ["colegio", "col", "escuela", "esc", "unidad", "educativa", "u", "e", "ue", "school"];

  // A station's number as it is compared: without separators, case and accents.
  function bare(name) {
    return plain(name).replace(/[\s.,\-_/º°#]+/g, "");
  }

  function words(query) {
    const every = plain(query).split(/[\s.,]+/).filter(Boolean);
    const telling = every.filter((word) => !COMMON.includes(word));
    return telling.length ? telling : every;
  }

  function matches(tree, stations, query) {
    const found = [];
    const wanted = words(query);
    const sought = bare(plain(query.trim()).replace(CALLED, ""));
    const bareNames = tree.bare || (tree.bare = stations.map(bare));
    const exact = [];
    const begins = [];
    for (let at = 0; at < stations.length && sought; at += 1) {
      if (bareNames[at] === sought) {
        exact.push({ station: at });
      } else if (begins.length < MOST / 2 && bareNames[at].startsWith(sought)) {
        begins.push({ station: at });
      }
    }
    found.push(...exact.concat(begins).slice(0, MOST / 2));
    const names = tree.plain || (tree.plain = tree.places.name.map(plain));
    const places = [];
    for (let place = 1; place < names.length; place += 1) {
      const own = names[place];
      if (own && wanted.every((word) => own.includes(word))) {
        places.push(place);
      }
    }
    places.sort(function (a, b) {
      const first = Number(!names[a].startsWith(wanted[0])) - Number(!names[b].startsWith(wanted[0]));
      return first || tree.places.size[b] - tree.places.size[a];
    });
    for (const place of places.slice(0, MOST - Math.min(found.length, MOST / 2))) {
      found.push({ place });
    }
    return { found, places: places.length };
  }

  // Claims and events whose speaker, name or words hold every word of the query.
  function claimed(claims, query) {
    const wanted = plain(query).split(/\s+/).filter(Boolean);
    return claims.filter(function (one) {
      const all = plain(veedor.said(one.head) + " " + veedor.said(one.text));
      return wanted.every((word) => all.includes(word));
    });
  }

  function claimRow(one) {
    const kind = text(one.claim ? "js.claim" : "js.event");
    const said = veedor.said(one.text);
    const href = "claims.html#" + encodeURIComponent(one.id);
    const head = element("strong", {}, veedor.said(one.head));
    return element("li", {}, element("a", { href }, head, " ", element("span", {}, kind + (said ? ": " + said : ""))));
  }

  function row(tree, election, stations, match) {
    const isStation = match.station !== undefined;
    const place = isStation ? tree.placeOf(match.station) : match.place;
    const names = tree.pathNames(place);
    const head = isStation ? text("js.station", { id: stations[match.station] }) : names.pop();
    const where = (isStation ? [] : [veedor.said(election.levels[tree.places.level[place]])]).concat(names.reverse());
    const href = isStation
      ? "station.html?id=" + encodeURIComponent(stations[match.station])
      : "count.html" + tree.address(place);
    return element("li", {}, element("a", { href }, element("strong", {}, head), " ", element("span", {}, where.join(", "))));
  }

  function search(form) {
    const input = form.querySelector("input");
    const list = form.querySelector("ul");
    const status = form.querySelector("[role=status]");
    let ready = null;
    function show() {
      const query = input.value.trim();
      if (!query) {
        list.replaceChildren();
        status.textContent = "";
        return;
      }
      ready = ready || Promise.all([loadTree(), load("stations"), load("election")]).then(function (loaded) {
        const claims = loaded[2].claims ? load("claims") : Promise.resolve([]);
        return claims.then((said) => loaded.concat([said]));
      });
      ready.then(function ([tree, stations, election, claims]) {
        if (input.value.trim() !== query) {
          return;
        }
        const result = matches(tree, stations, query);
        const said = claimed(claims, query).slice(0, MOST / 2);
        const rows = result.found.map((match) => row(tree, election, stations, match)).concat(said.map(claimRow));
        list.replaceChildren(...rows);
        status.textContent = rows.length
          ? text("js.matches", { n: veedor.number(rows.length) })
          : text("js.no_match", { query });
      }, veedor.failed);
    }
    input.addEventListener("input", show);
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      const first = list.querySelector("a");
      if (first) {
        first.click();
      }
    });
    list.addEventListener("click", function () {
      input.value = "";
      setTimeout(show, 0);
    });
    if (input.value) {
      show();
    }
  }

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("form.search").forEach(search);
  });
  return { loadTree };
})();
