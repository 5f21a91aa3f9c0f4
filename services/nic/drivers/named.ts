import { unreachable } from "../../abi/assert.ts";
import type { DriverName } from "../../abi/topology.ts";
import type { Driver } from "./driver.ts";
import { OOB_CAPABLE } from "./oob-capable.ts";
import { STOCK } from "./stock.ts";

/** The driver of that name. */
export function driverNamed(name: DriverName): Driver {
  switch (name) {
    case "oob-capable":
      return OOB_CAPABLE;
    case "stock":
      return STOCK;
    default:
      return unreachable(name, "the driver");
  }
}
