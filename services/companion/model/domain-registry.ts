import { fail, ok, type Result } from "../../abi/result.ts";

/** What attach is asked for. */
export interface Wanted {
  readonly family: number;
  readonly type: number;
  /** Host byte order. */
  readonly protocol: number;
}

/** A family's protocols (struct evl_socket_domain). Undefined: it has none for this, and another domain of the family may. */
export interface Domain<C> {
  readonly family: number;
  readonly match: (wanted: Wanted) => Result<C, "ESOCKTNOSUPPORT"> | undefined;
}

/** What somebody has registered: a driver, or the core itself. */
interface Registered<C> {
  readonly driver: string;
  readonly domain: Domain<C>;
}

/** The core's own name among those who register. */
const CORE_DRIVER = "evl";

/**
 * The domains that are registered. Of two for one family the newest is asked first, so that a later one overrides
 * (facts/dovetail 2.1). `C` makes a protocol's half of one socket.
 */
export class DomainRegistry<C> {
  readonly #drivers: ReadonlyMap<string, () => Domain<C>>;
  #registered: readonly Registered<C>[];

  /** @param drivers those that there are, and what each registers when it is loaded. @param own what is always there. */
  constructor(drivers: ReadonlyMap<string, () => Domain<C>>, own: readonly Domain<C>[]) {
    this.#drivers = drivers;
    this.#registered = own.map((domain) => ({ driver: CORE_DRIVER, domain }));
  }

  /** Loads a driver. False: there is none of this name. One that is loaded stays as it is. */
  load(driver: string): boolean {
    const make = this.#drivers.get(driver);
    if (make === undefined) return false;
    if (!this.has(driver)) this.#registered = [...this.#registered, { driver, domain: make() }];
    return true;
  }

  /** Whoever asks has seen to it that no socket of its protocols is open. */
  unload(driver: string): void {
    this.#registered = this.#registered.filter((one) => one.driver !== driver);
  }

  /** Whether it is loaded. */
  has(driver: string): boolean {
    return this.#registered.some((one) => one.driver === driver);
  }

  /** Whether there is a driver of this name, loaded or not. */
  knows(driver: string): boolean {
    return this.#drivers.has(driver);
  }

  /** The drivers that are loaded, the newest last; the core is none. */
  drivers(): readonly string[] {
    return this.#registered.map(({ driver }) => driver).filter((driver) => driver !== CORE_DRIVER);
  }

  /**
   * Finds the protocol for a socket.
   *
   * EPROTONOSUPPORT: no domain has one. ESOCKTNOSUPPORT: the protocol is there, and not with this type.
   */
  find(wanted: Wanted): Result<{ readonly driver: string; readonly create: C }, "EPROTONOSUPPORT" | "ESOCKTNOSUPPORT"> {
    for (const { driver, domain } of [...this.#registered].reverse()) {
      const found = domain.family === wanted.family ? domain.match(wanted) : undefined;
      if (found !== undefined) return found.ok ? ok({ driver, create: found.value }) : found;
    }
    return fail("EPROTONOSUPPORT");
  }
}
