import vm from "node:vm";
import { TestEnvironment } from "jest-environment-node";

/**
 * Jest's environment for Node, with a global object that is one. Jest puts a Proxy there, to sweep it when a file has ended, and
 * so each `Math` and `Map` in a test, and in all that it imports, calls the proxy: code that computes takes half as long
 * again. A test file still has a context of its own, and workers that grew are replaced.
 */
export default class PlainGlobals extends TestEnvironment {
  constructor(...parts: ConstructorParameters<typeof TestEnvironment>) {
    const { createContext } = vm;
    Reflect.set(vm, "createContext", () => createContext(vm.constants.DONT_CONTEXTIFY));
    try {
      super(...parts);
    } finally {
      Reflect.set(vm, "createContext", createContext);
    }
  }
}
