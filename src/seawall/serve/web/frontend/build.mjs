// Bundles the console's scripts and styles with what they need from npm. Run by scripts/build_assets.py:
//   node build.mjs OUTPUT_FOLDER
import { build } from "esbuild";
import { readFile } from "node:fs/promises";

// media-chrome writes its styles into shadow roots as text, which our policy allows only with the page's nonce
const nonces = {
  name: "nonces",
  setup(build) {
    build.onLoad({ filter: /media-chrome[\\/]dist[\\/].*\.js$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8")).replaceAll("<style>", '<style nonce="${globalThis.seawallNonce}">'),
    }));
  },
};

await build({
  entryPoints: ["console.js", "editor.js", "reference.js", "review.js", "player.js", "console.css"],
  absWorkingDir: import.meta.dirname ?? process.cwd(),
  outdir: process.argv[2],
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  legalComments: "linked",
  logLevel: "warning",
  plugins: [nonces],
  loader: { ".png": "dataurl" },
});
