// A WebDriver client with the commands that these tests need, for chromedriver, geckodriver and
// WebKitWebDriver. Environment variables choose the browser (`cargo xtask test --only loader` sets them).

import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer } from "node:net";

const engine = process.env.ENGINE ?? "chromium";
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

/** Starts the driver and a browser with an empty profile. */
export async function startBrowser() {
  const profile = await mkdtemp(join(tmpdir(), "loader-test-"));
  const port = await freePort();
  const { program, args, capabilities } = setting(profile, port);
  // In a group of its own, which ends as a whole: some drivers are wrapped in a script.
  const driver = spawn(program, args, { stdio: "ignore", detached: true });
  const failed = new Promise((_, reject) => {
    driver.once("error", reject);
    driver.once("exit", (code) => reject(new Error(`${program} ended with ${code}`)));
  });
  failed.catch(() => {});
  const url = `http://127.0.0.1:${port}`;
  await Promise.race([failed, until(async () => (await fetch(`${url}/status`)).ok, "the driver")]);
  const started = await call(url, "POST", "/session", {
    capabilities: { alwaysMatch: capabilities },
  });
  const session = `${url}/session/${started.sessionId}`;
  // The usual time for a page is five minutes, which hides what hangs.
  await call(session, "POST", "/timeouts", { pageLoad: 60_000, script: 60_000 });
  return new Browser(session, async () => {
    await call(session, "DELETE", "").catch(() => {});
    const gone = new Promise((resolve) => driver.once("exit", resolve));
    process.kill(-driver.pid);
    await gone;
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  });
}

function setting(profile, port) {
  const driver = process.env.DRIVER;
  const binary = process.env.BROWSER;
  switch (engine) {
    case "chromium":
      return {
        program: driver ?? "chromedriver",
        args: [`--port=${port}`],
        capabilities: {
          "goog:chromeOptions": {
            binary,
            args: [
              "--headless",
              "--no-sandbox",
              "--disable-gpu",
              "--disable-quic",
              "--no-first-run",
              "--disable-background-networking",
              "--disable-component-update",
              "--disable-sync",
              `--user-data-dir=${profile}`,
            ],
          },
        },
      };
    case "firefox":
      return {
        program: driver ?? "geckodriver",
        args: ["--port", String(port), "--profile-root", profile],
        capabilities: { "moz:firefoxOptions": { binary, args: ["-headless"] } },
      };
    case "webkit":
      // Has no headless mode: a virtual screen of its own.
      return {
        program: "xvfb-run",
        args: ["-a", driver ?? "WebKitWebDriver", `--port=${port}`],
        capabilities: { "webkitgtk:browserOptions": { binary, args: ["--automation"] } },
      };
    default:
      throw new Error(`no such engine: ${engine}`);
  }
}

class Browser {
  #session;
  #stop;

  constructor(session, stop) {
    this.#session = session;
    this.#stop = stop;
  }

  /** Ends the browser and its driver. */
  stop() {
    return this.#stop();
  }

  open(url) {
    return this.#post("/url", { url });
  }

  reload() {
    return this.#post("/refresh", {});
  }

  /** Runs a function in the page and returns its result, or what its promise resolves to. */
  run(fn, ...args) {
    return this.#post("/execute/sync", { script: `return (${fn}).apply(null, arguments)`, args });
  }

  /** Waits until a function in the page returns a truthy value, and returns it. */
  until(fn, ...args) {
    return until(() => this.run(fn, ...args), String(fn));
  }

  /** Waits for the first element that matches a selector in the shadow root of a widget, by default the first. */
  async inWidget(selector, nth = 0) {
    const found = await this.until(
      (selector, nth) => {
        const hosts = [...document.querySelectorAll("html > div")].filter((div) => div.shadowRoot);
        return hosts[nth]?.shadowRoot.querySelector(selector);
      },
      selector,
      nth,
    );
    return found[ELEMENT];
  }

  click(element) {
    return this.#post(`/element/${element}/click`, {});
  }

  /** Moves the mouse from elsewhere onto an element. */
  async hover(element) {
    await this.leave();
    const origin = { [ELEMENT]: element };
    await this.point({ type: "pointerMove", duration: 0, origin, x: 0, y: 0 });
  }

  /** Moves the mouse into the top left corner, away from the launcher. */
  leave() {
    return this.point({ type: "pointerMove", duration: 0, origin: "viewport", x: 5, y: 5 });
  }

  /** Performs one mouse action; a pressed button stays pressed. */
  point(action) {
    return this.#point("mouse", [{ button: 0, ...action }]);
  }

  /** Taps an element for a number of milliseconds. */
  tap(element, duration) {
    return this.#point("touch", [
      { type: "pointerMove", duration: 0, origin: { [ELEMENT]: element }, x: 0, y: 0 },
      { type: "pointerDown", button: 0 },
      { type: "pause", duration },
      { type: "pointerUp", button: 0 },
    ]);
  }

  #point(pointerType, actions) {
    const parameters = { pointerType };
    return this.#post("/actions", {
      actions: [{ type: "pointer", id: pointerType, parameters, actions }],
    });
  }

  /** Presses (`keyDown`) or releases (`keyUp`) a key. */
  key(type, value) {
    return this.#post("/actions", { actions: [{ type: "key", id: "keys", actions: [{ type, value }] }] });
  }

  /** Types keys into the focused element. */
  press(...keys) {
    const actions = keys.flatMap((value) => [
      { type: "keyDown", value },
      { type: "keyUp", value },
    ]);
    return this.#post("/actions", { actions: [{ type: "key", id: "keys", actions }] });
  }

  name(element) {
    return call(this.#session, "GET", `/element/${element}/computedlabel`);
  }

  /** Gives the window another size, in pixels. */
  resize(width, height) {
    return this.#post("/window/rect", { width, height });
  }

  /** Enters the first frame of the page; the next `open` leaves it. */
  enterFrame() {
    return this.#post("/frame", { id: 0 });
  }

  #post(path, body) {
    return call(this.#session, "POST", path, body);
  }
}

/** Polls a condition until it is truthy. An error counts as not yet; the last one is in the failure after 15 s. */
export async function until(condition, what) {
  const end = Date.now() + 15_000;
  let last;
  while (Date.now() < end) {
    try {
      const value = await condition();
      if (value) return value;
      last = `it is ${JSON.stringify(value)}`;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`waited in vain for ${what}: ${last}`);
}

async function call(url, method, path, body) {
  const reply = await fetch(url + path, {
    method,
    body: body && JSON.stringify(body),
    headers: { "content-type": "application/json" },
  });
  const { value } = await reply.json();
  if (!reply.ok) throw new Error(`${method} ${path}: ${value.error}: ${value.message}`);
  return value;
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
