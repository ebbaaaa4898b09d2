import assert from "node:assert/strict";
import test from "node:test";

import { greeting } from "../static/greeting.js";

test("the greeting follows the hour", () => {
  assert.equal(greeting(9), "Good morning");
  assert.equal(greeting(15), "Good day");
});
