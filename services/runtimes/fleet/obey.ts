import { obeyGateOrder } from "../blows.ts";
import type { PlaceOrder, PlaceWord } from "./orders.ts";
import type { PlaceLife } from "./place-life.ts";

/** Does what a place is told, and says that it did. A blow to the place itself is for its process. */
export async function obey(
  life: PlaceLife,
  order: Exclude<PlaceOrder, { readonly t: "strike" }>,
  say: (word: PlaceWord) => void,
): Promise<void> {
  switch (order.t) {
    case "connect":
      await life.connect(order.addresses);
      say({ t: "connected" });
      return;
    case "start":
      await life.start();
      say({ t: "started" });
      return;
    case "gate":
      obeyGateOrder(life.gates, order);
      say({ t: "obeyed" });
      return;
    case "struck":
      life.struck(order.blow);
      return;
  }
}
