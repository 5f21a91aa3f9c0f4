import { createHouse, type HouseParts, type ServedHouse } from "../house.ts";
import type { BuiltHouse } from "../links.ts";

/** Builds a house that was loaded. */
export type Builder = (parts: HouseParts) => ServedHouse;

/** Loads one house and none of the others: a fourth of the modules, for who starts many threads or processes. */
export async function loadHouse(house: BuiltHouse): Promise<Builder> {
  switch (house) {
    case "vfs": {
      const { openVfs } = await import("./vfs.ts");
      return (parts) => createHouse(house, openVfs, parts);
    }
    case "inband": {
      const { openInband } = await import("./inband.ts");
      return (parts) => createHouse(house, openInband, parts);
    }
    case "companion": {
      const { openCompanion } = await import("./companion.ts");
      return (parts) => createHouse(house, openCompanion, parts);
    }
    case "nic": {
      const { openNic } = await import("./nic.ts");
      return (parts) => createHouse(house, openNic, parts);
    }
  }
}
