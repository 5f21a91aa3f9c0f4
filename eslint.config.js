import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

/** What a room must not take from the machine, and what it takes instead: kit is made by runtimes, virtual in a simulation. */
const CLOCK = "Take time from kit.clock (nowNs, sleepNs, after): only runtimes own a real one.";
const RANDOM = "Draw from kit.random.fraction(stream): chance is seeded and has a name.";
const CONFIG = "Settings are read by runtimes and handed on as config.";

export default defineConfig(
  { ignores: ["dist/", "coverage/", ".tenon/", "test/tidy/fixtures/"] },
  {
    files: ["**/*.{ts,tsx}"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      eqeqeq: "error",
      "no-console": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      // `(x) => log(x)` reads well, and says nothing wrong.
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      // The compiler checks a switch without default when the function's return type is inferred; this checks the others.
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      // Doors are made by functions and their methods are closures: none of them has a `this` to lose.
      "@typescript-eslint/unbound-method": "off",
      // An async function without await keeps the promise of its interface, and turns a throw into a rejection.
      "@typescript-eslint/require-await": "off",
      // `while (true)` with a break is how a loop that drains something is written.
      "@typescript-eslint/no-unnecessary-condition": [
        "error",
        { allowConstantLoopConditions: "only-allowed-literals" },
      ],
    },
  },
  {
    // process and console are globals of Node; the text test bans words in comments and strings too.
    files: ["services/**/*.{ts,tsx}"],
    ignores: ["services/{runtimes,cli,console}/**"],
    rules: {
      "no-restricted-globals": [
        "error",
        ...["Date", "performance", "setTimeout", "setInterval", "setImmediate"].map((name) => ({
          name,
          message: CLOCK,
        })),
        { name: "crypto", message: RANDOM },
      ],
      "no-restricted-properties": [
        "error",
        { object: "Math", property: "random", message: RANDOM },
        { object: "process", property: "env", message: CONFIG },
        { object: "process", property: "hrtime", message: CLOCK },
        { object: "process", property: "nextTick", message: CLOCK },
        ...["Date", "performance", "setTimeout", "setInterval", "setImmediate"].map((property) => ({
          object: "globalThis",
          property,
          message: CLOCK,
        })),
      ],
      "no-restricted-imports": [
        "error",
        {
          paths: [
            {
              name: "node:crypto",
              importNames: ["randomBytes", "randomInt", "randomUUID", "webcrypto"],
              message: RANDOM,
            },
          ],
        },
      ],
    },
  },
  { files: ["services/cli/**/*.ts"], rules: { "no-console": "off" } },
  {
    // Generated text is judged by its generator; that it compiles and is up to date is checked elsewhere.
    files: ["**/*.generated.ts"],
    extends: [tseslint.configs.disableTypeChecked],
    linterOptions: { reportUnusedDisableDirectives: "off" },
    rules: Object.fromEntries(
      tseslint.configs.strictTypeChecked.flatMap(({ rules }) => Object.keys(rules ?? {})).map((rule) => [rule, "off"]),
    ),
  },
  {
    files: ["**/*.{js,mjs,cjs}"],
    extends: [tseslint.configs.strict],
    rules: { eqeqeq: "error", "@typescript-eslint/no-require-imports": "off" },
  },
);
