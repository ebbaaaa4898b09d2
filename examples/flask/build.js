import { writeFile } from "node:fs/promises";
import { basename } from "node:path";

import { build } from "esbuild";

const outdir = "guestbook/static";

const { metafile } = await build({
  entryPoints: ["frontend/main.ts", "frontend/main.css"],
  entryNames: "[name]-[hash]",
  bundle: true,
  format: "esm",
  metafile: true,
  minify: true,
  outdir,
  target: ["chrome110", "firefox110", "safari16"],
});

// The app looks up here what the digest of "main.css" is.
const names = {};
for (const file of Object.keys(metafile.outputs)) {
  names[basename(file).replace(/-\w+(\.\w+)$/, "$1")] = basename(file);
}
await writeFile(`${outdir}/manifest.json`, JSON.stringify(names, null, 2));
