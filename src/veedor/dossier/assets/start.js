"use strict";
// The entry page: on to the language chosen before, else the browser's, else English.
(function () {
  let code = null;
  try {
    code = localStorage.getItem("veedor.language");
  } catch (error) {
    code = null; // storage may be closed to pages on disk
  }
  const known = (document.documentElement.dataset.languages || "en es").split(" ");
  if (!known.includes(code)) {
    const wanted = (navigator.language || "en").toLowerCase();
    code = known.find((one) => one.toLowerCase() === wanted) || known.find((one) => wanted.split("-")[0] === one) || "en";
  }
  location.replace(code + "/index.html");
})();
