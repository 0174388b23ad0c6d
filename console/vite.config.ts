import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  base: "/console/",
  plugins: [react()],
  build: {
    outDir: "../src/holdfast/console",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1000,
    // The overlay is a page of its own: viewers' machines load none of the console.
    rolldownOptions: { input: ["index.html", "overlay.html"] },
  },
  server: {
    proxy: { "/v1": "http://127.0.0.1:8080" },
  },
});
