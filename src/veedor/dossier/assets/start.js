"use strict";
// The entry page: on to the language chosen before, else the browser's, else English.
(function () {
  let code = null;
  try {
    code = localStorage.getItem("veedor.language");
  } catch (error) {
    code = null; // storage may be closed to pages on disk
  }
  if (code !== "en" && code !== "es") {
    code = (navigator.language || "en").toLowerCase().startsWith("es") ? "es" : "en";
  }
  location.replace(code + "/index.html");
})();
