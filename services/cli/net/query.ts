import type { OobDevice } from "../../abi/contract.generated.ts";
import { harmless } from "../look.ts";

/** What each letter of `-Q` asks for, as `evl net` has them. */
const LETTERS: Readonly<Record<string, (of: OobDevice) => string>> = {
  R: ({ rx_packets }) => String(rx_packets),
  r: ({ rx_bytes }) => String(rx_bytes),
  T: ({ tx_packets }) => String(tx_packets),
  t: ({ tx_bytes }) => String(tx_bytes),
  o: ({ oob_capable }) => (oob_capable ? "yes" : "no"),
  s: ({ skb_size }) => String(skb_size),
  f: ({ skb_free }) => String(skb_free),
  a: ({ skb_total }) => String(skb_total),
  c: ({ csum_errors }) => String(csum_errors),
  x: ({ rx_nomem, tx_nomem }) => `${rx_nomem} ${tx_nomem}`,
};

/** What is wrong with the letters of a query; undefined for nothing. */
export function letterProblem(letters: string): string | undefined {
  const odd = Array.from(letters).find((letter) => !Object.hasOwn(LETTERS, letter));
  return odd === undefined ? undefined : `-Q: found ${odd}, allowed is any of ${Object.keys(LETTERS).join("")}`;
}

/** The figures that letters ask for, in their order, on one line; without letters all of them, a line each. */
export function queryLines(of: OobDevice, letters: string): readonly string[] {
  if (letters !== "") return [Array.from(letters, (letter) => LETTERS[letter]?.(of) ?? "").join(" ")];
  const named: readonly (readonly [string, string | number])[] = [
    ["oob capability", of.oob_capable ? "yes" : "no"],
    ["rx packets", of.rx_packets],
    ["rx bytes", of.rx_bytes],
    ["tx packets", of.tx_packets],
    ["tx bytes", of.tx_bytes],
    ["skb size", of.skb_size],
    ["skb free", `${of.skb_free} / ${of.skb_total}`],
    ["csum errors", of.csum_errors],
    ["rx nomem", of.rx_nomem],
    ["tx nomem", of.tx_nomem],
    ["filter", of.filter === "" ? "none" : harmless(of.filter)],
  ];
  return named.map(([name, value]) => `${name.padStart(14)}: ${value}`);
}
