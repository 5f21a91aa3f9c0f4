import { compare } from "../../rules/atoms/evaluate.ts";
import type { Found, Tolerance } from "../experiment.ts";

/** Whether what a probe found is within its tolerance. @param failed the call was refused or lost. */
export function isWithin(found: Found, failed: boolean, tolerance: Tolerance): boolean {
  switch (tolerance.t) {
    case "success":
      return !failed;
    case "oneOf":
      return tolerance.values.some((value) => (typeof value === "boolean" ? String(value) : value) === found);
    case "noneOf":
      return !tolerance.values.includes(found);
    case "range":
      return typeof found === "number" && found >= tolerance.lowest && found <= tolerance.highest;
    case "compare":
      return typeof found === "number" && compare(found, tolerance.operator, tolerance.value);
    case "contains":
      return String(found).includes(tolerance.text);
    case "matches":
      return new RegExp(tolerance.pattern).test(String(found)) !== tolerance.not;
  }
}

/** A tolerance in words. */
export function toleranceText(tolerance: Tolerance): string {
  switch (tolerance.t) {
    case "success":
      return "success";
    case "oneOf":
      return tolerance.values.map((value) => JSON.stringify(value)).join(" or ");
    case "noneOf":
      return `not ${tolerance.values.map((value) => JSON.stringify(value)).join(" or ")}`;
    case "range":
      return `${tolerance.lowest} to ${tolerance.highest}`;
    case "compare":
      return `${tolerance.operator} ${tolerance.value}`;
    case "contains":
      return `text with ${JSON.stringify(tolerance.text)}`;
    case "matches":
      return `text ${tolerance.not ? "not " : ""}like /${tolerance.pattern}/`;
  }
}
