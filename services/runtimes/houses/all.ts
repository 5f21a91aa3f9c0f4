import { createHouse, type HouseParts, type ServedHouse } from "../house.ts";
import type { BuiltHouse } from "../links.ts";
import { openCompanion } from "./companion.ts";
import { openInband } from "./inband.ts";
import { openNic } from "./nic.ts";
import { openVfs } from "./vfs.ts";

/** Builds any house, for who has them all in one thread. */
export function buildHouse(house: BuiltHouse, parts: HouseParts): ServedHouse {
  switch (house) {
    case "vfs":
      return createHouse(house, openVfs, parts);
    case "inband":
      return createHouse(house, openInband, parts);
    case "companion":
      return createHouse(house, openCompanion, parts);
    case "nic":
      return createHouse(house, openNic, parts);
  }
}
