/* A browser starts no worker for a page that was opened from disk. The search of this site wants one: here it gets a
   hidden frame that takes messages as a worker does. Pages from a web server keep the browser's own workers. */
if (location.protocol === "file:") {
  const PROLOGUE = `
    self.postMessage = (data) => parent.postMessage(data, "*");
    self.importScripts = (...addresses) => addresses.reduce((before, address) => before.then(() => new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = done;
      script.onerror = failed;
      document.head.appendChild(script);
    })), Promise.resolve());`;

  // The script of the search asks for this name to know where the rest of it lies.
  window.IFrameWorker = window.Worker = class extends EventTarget {
    constructor(address) {
      super();
      this.frame = document.createElement("iframe");
      this.frame.hidden = true;
      document.body.appendChild(this.frame);
      const inside = this.frame.contentWindow.document;
      inside.open();
      inside.write("<!doctype html><html><head><script>" + PROLOGUE + "</" + "script></head></html>");
      inside.close();
      this.ready = new Promise((done, failed) => {
        const script = inside.createElement("script");
        script.src = address;
        script.onload = done;
        script.onerror = failed;
        inside.head.appendChild(script);
      });
      window.addEventListener("message", (event) => {
        if (event.source !== this.frame.contentWindow) return;
        this.dispatchEvent(new MessageEvent("message", { data: event.data }));
      });
    }

    postMessage(data) {
      this.ready.then(() => this.frame.contentWindow.dispatchEvent(new MessageEvent("message", { data })));
    }

    terminate() {
      this.frame.remove();
    }
  };
}
