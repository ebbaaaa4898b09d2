import { execFileSync } from "node:child_process";
import { dirname } from "node:path";

// The form's classes stand in the templates of an installed Python package, and only Python knows where that is.
const where = 'import importlib.util; print(importlib.util.find_spec("crispy_tailwind").origin)';
const origin = execFileSync("python", ["-c", where], { encoding: "utf8" }).trim();

export default {
  // A folder, not a pattern: of a pattern's files Tailwind skips those under a .gitignore, and a virtual environment has one.
  content: [dirname(origin)],
};
