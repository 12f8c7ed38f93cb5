"use strict";
// Charts whose values can be read off: the point nearest to the pointer, or the next one by the arrow keys.
document.addEventListener("DOMContentLoaded", function () {
  for (const box of document.querySelectorAll(".readable")) {
    const out = box.querySelector("[data-readout]");
    for (const svg of box.querySelectorAll("svg.chart")) {
      const dots = Array.from(svg.querySelectorAll("circle.dot"));
      let at = -1;
      const show = function (next) {
        if (dots[at]) {
          dots[at].setAttribute("fill", "transparent");
        }
        at = next;
        dots[at].setAttribute("fill", "#0b5c63");
        out.textContent = dots[at].getAttribute("data-say");
      };
      svg.setAttribute("tabindex", "0");
      svg.addEventListener("pointermove", function (event) {
        let nearest = -1;
        let least = Infinity;
        dots.forEach(function (dot, number) {
          const place = dot.getBoundingClientRect();
          const x = place.left + place.width / 2 - event.clientX;
          const y = place.top + place.height / 2 - event.clientY;
          if (x * x + y * y < least) {
            least = x * x + y * y;
            nearest = number;
          }
        });
        if (nearest >= 0 && nearest !== at) {
          show(nearest);
        }
      });
      svg.addEventListener("keydown", function (event) {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (step && dots.length) {
          event.preventDefault();
          show(Math.max(0, Math.min(dots.length - 1, at + step)));
        }
      });
    }
  }
});
