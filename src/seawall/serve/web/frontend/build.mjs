// Bundles the console's scripts and styles with what they need from npm. Run by scripts/build_assets.py:
//   node build.mjs OUTPUT_FOLDER
import { build } from "esbuild";

await build({
  entryPoints: ["console.js", "editor.js", "reference.js", "review.js", "console.css"],
  absWorkingDir: import.meta.dirname ?? process.cwd(),
  outdir: process.argv[2],
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  legalComments: "linked",
  logLevel: "warning",
  loader: { ".png": "dataurl" },
});
