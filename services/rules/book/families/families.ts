import type { Rule } from "../../rule.ts";
import { brackets } from "./brackets.ts";
import { facts } from "./facts.ts";
import { houses } from "./houses.ts";
import { options } from "./options.ts";

/** The rules that follow from the options of the contract: nobody wrote them one by one. */
export const FAMILIES: readonly Rule[] = [...brackets(), ...houses(), ...options(), ...facts()];
