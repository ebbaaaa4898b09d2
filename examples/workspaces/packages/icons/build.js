// Makes one module of all drawings.
import { readdir, readFile, writeFile } from "node:fs/promises";

const icons = {};
for (const file of (await readdir("src")).sort()) {
  icons[file.replace(".svg", "")] = (await readFile(`src/${file}`, "utf8")).trim();
}
await writeFile("icons.js", `export default ${JSON.stringify(icons, null, 2)};\n`);
