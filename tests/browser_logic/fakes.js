// Small stand-ins for what the browser gives: time, storage, tabs and the socket. Each does what its user relies on.

/** Let everything that is waiting for a promise run. */
export async function settle() {
  for (let round = 0; round < 20; round++) await new Promise((resolve) => setImmediate(resolve));
}

/** A clock that only moves when a test says so; it also stands for timers. */
export class FakeTime {
  #now = 1_000_000;
  #timers = new Map();
  #next = 1;

  /** Replace the clock and the timers until the test *t* has ended. */
  static install(t) {
    const time = new FakeTime();
    t.mock.method(globalThis, "setTimeout", (run, milliseconds = 0, ...values) =>
      time.#add(() => run(...values), milliseconds),
    );
    t.mock.method(globalThis, "clearTimeout", (number) => time.#timers.delete(number));
    t.mock.method(Date, "now", () => time.#now);
    t.mock.method(performance, "now", () => time.#now);
    return time;
  }

  #add(run, milliseconds) {
    this.#timers.set(this.#next, { run, at: this.#now + milliseconds });
    return this.#next++;
  }

  /** Move on by so many ms, and run the timers that are due in their order. */
  async advance(milliseconds) {
    await settle();
    const end = this.#now + milliseconds;
    for (;;) {
      const due = [...this.#timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at)[0];
      if (!due) break;
      const [number, { run, at }] = due;
      this.#timers.delete(number);
      this.#now = Math.max(this.#now, at);
      run();
      await settle();
    }
    this.#now = end;
    await settle();
  }
}

/** The device's storage of one outbox, which several tabs may share. */
export class FakeStorage {
  records = new Map();
  isFull = false;

  async all() {
    return [...this.records.values()];
  }

  async put(entry) {
    if (!this.isFull) this.records.set(entry.uuid, structuredClone(entry));
    return !this.isFull;
  }

  async get(uuid) {
    return this.records.get(uuid);
  }

  async remove(...uuids) {
    for (const uuid of uuids) this.records.delete(uuid);
  }
}

/** Give every tab of the test the channels, the locks, the network and the localStorage of one browser. */
export function installBrowser(t, { online = true } = {}) {
  const channels = [];
  class FakeChannel extends EventTarget {
    constructor(name) {
      super();
      this.name = name;
      channels.push(this);
    }

    postMessage(data) {
      for (const other of channels.filter((each) => each !== this && each.name === this.name)) {
        other.dispatchEvent(Object.assign(new Event("message"), { data: structuredClone(data) }));
      }
    }
  }
  const queues = new Map();
  const locks = {
    request(name, _options, work) {
      const turn = (queues.get(name) ?? Promise.resolve()).then(work);
      queues.set(
        name,
        turn.catch(() => {}),
      );
      return turn;
    },
  };
  const values = new Map();
  const localStorage = {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => values.set(key, String(value)),
    removeItem: (key) => values.delete(key),
  };
  const navigator = { onLine: online, locks };
  replaceGlobals(t, { BroadcastChannel: FakeChannel, navigator, localStorage });
  return { navigator, localStorage };
}

/** Replace global names until the test *t* has ended. */
export function replaceGlobals(t, values) {
  for (const [name, value] of Object.entries(values)) {
    const before = Object.getOwnPropertyDescriptor(globalThis, name);
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
    t.after(() => {
      if (before) Object.defineProperty(globalThis, name, before);
      else delete globalThis[name];
    });
  }
}

/** The socket of a page: a test lets the server send, answer, refuse and go away. */
export class FakeSocket {
  connected = false;
  active = true;
  sent = [];
  connects = 0;
  engineClosed = 0;
  /** What the server answers to an event; without an entry it never does. */
  answers = {};
  #handlers = new Map();

  constructor(options) {
    this.options = options;
    const engine = { close: () => this.engineClosed++ };
    this.io = { opts: { transports: options.transports }, engine };
  }

  on(event, handler) {
    this.#handlers.set(event, handler);
  }

  connect() {
    this.connects += 1;
  }

  timeout() {
    return {
      emitWithAck: async (event, payload) => {
        this.sent.push([event, payload]);
        const answer = this.answers[event];
        if (!answer) throw new Error("operation has timed out");
        return typeof answer === "function" ? answer(payload) : answer;
      },
    };
  }

  /** The server sends an event, or the library reports one. */
  async receive(event, payload) {
    if (event === "connect") this.connected = true;
    if (event === "disconnect") this.connected = false;
    this.#handlers.get(event)?.(payload);
    await settle();
  }

  /** What the page shows the server when it connects. */
  auth() {
    let shown;
    this.options.auth((value) => {
      shown = value;
    });
    return shown;
  }
}
