import type { Context } from "../../abi/context.ts";
import type { Kernel } from "../kernel.ts";
import type { Effect } from "../model/stack/state.ts";
import { skUncharged } from "../sockets/destruct.ts";
import { wakeSocket } from "../sockets/wait.ts";

/** Does what follows from a step of the model, in order. */
export function performEffects(kernel: Kernel, context: Context, effects: readonly Effect[]): void {
  for (const effect of effects) {
    switch (effect.t) {
      case "deliver":
      case "errno":
        wakeSocket(kernel, context, effect.sk);
        break;
      case "uncharged":
        skUncharged(kernel, context, effect.sk);
        break;
      case "transmit":
      case "fate":
      case "route":
      case "event":
        break;
    }
  }
}
