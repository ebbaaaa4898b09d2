import tailwindcss from "@tailwindcss/vite";
import blake2 from "blake2";
import { defineConfig } from "vite";

import project from "./package.json" with { type: "json" };

// blake2 has no prebuilt binaries: npm ci compiles it with node-gyp, which needs Python.
const siteId = blake2
  .createHash("blake2b", { digestLength: 8 })
  .update(Buffer.from(project.name))
  .digest("hex");

export default defineConfig({
  base: "/static/",
  define: { __SITE_ID__: JSON.stringify(siteId) },
  plugins: [tailwindcss()],
  build: {
    // Not .vite/manifest.json, the default: collectstatic leaves out names that begin with a dot.
    manifest: "manifest.json",
    rolldownOptions: { input: "frontend/main.js" },
  },
});
