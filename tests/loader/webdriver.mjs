// A WebDriver client of the few commands that these tests need, over chromedriver, geckodriver or
// WebKitWebDriver. Which browser: the environment says (`cargo xtask test --only loader` sets it).

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

  /** Ends browser and driver. */
  stop() {
    return this.#stop();
  }

  open(url) {
    return this.#post("/url", { url });
  }

  reload() {
    return this.#post("/refresh", {});
  }

  /** Runs a function in the page and returns its result; promises are waited for. */
  run(fn, ...args) {
    return this.#post("/execute/sync", { script: `return (${fn}).apply(null, arguments)`, args });
  }

  /** Waits until a function run in the page returns something true, and returns that. */
  until(fn, ...args) {
    return until(() => this.run(fn, ...args), String(fn));
  }

  /** The first element of a selector, in the shadow root of the first widget or the one named. */
  async inWidget(selector, nth = 0) {
    const found = await this.until(
      (selector, nth) => {
        const hosts = [...document.querySelectorAll("body > div")].filter((div) => div.shadowRoot);
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

  /** Moves the mouse over an element from elsewhere, without clicking. */
  async hover(element) {
    await this.leave();
    const origin = { [ELEMENT]: element };
    await this.point({ type: "pointerMove", duration: 0, origin, x: 0, y: 0 });
  }

  /** Moves the mouse to the corner where no launcher is. */
  leave() {
    return this.point({ type: "pointerMove", duration: 0, origin: "viewport", x: 5, y: 5 });
  }

  /** Does one thing with the mouse; a button that is pressed stays pressed. */
  point(action) {
    return this.#point("mouse", [{ button: 0, ...action }]);
  }

  /** Touches an element for so many milliseconds. */
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

  /** Presses a key (`keyDown`) or lets it go (`keyUp`). */
  key(type, value) {
    return this.#post("/actions", { actions: [{ type: "key", id: "keys", actions: [{ type, value }] }] });
  }

  /** Presses keys wherever the focus is. */
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

  /** Enters the first frame of the page; the next `open` leaves it. */
  enterFrame() {
    return this.#post("/frame", { id: 0 });
  }

  #post(path, body) {
    return call(this.#session, "POST", path, body);
  }
}

/** Polls a condition; an error counts as "not yet". Fails after 15 s with the last of them. */
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
