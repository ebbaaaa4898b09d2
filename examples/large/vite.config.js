import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  base: "/static/",
  plugins: [react()],
  build: {
    // Not .vite/manifest.json, the default: collectstatic leaves out names that begin with a dot.
    manifest: "manifest.json",
    rolldownOptions: { input: "frontend/main.tsx" },
  },
});
