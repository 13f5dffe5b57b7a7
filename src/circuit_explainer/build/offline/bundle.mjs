// node bundle.mjs JOB: bundle the scripts of the offline copy with esbuild. JOB is JSON:
// { modules: node_modules, page: the folder of the site's scripts, core: PyScript's core.js, search: Material's search
//   worker, offline: the folder of the scripts that only the offline copy has, boot: [names of files], out: a folder }.
// Writes core.js, early.js and main.js into `out`; an error goes to stderr.
import { createRequire } from "node:module";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";

const job = JSON.parse(process.argv[2]);
const { build } = createRequire(path.join(job.modules, "esbuild", "package.json"))("esbuild");
const COMMON = { bundle: true, minify: true, target: "es2022", charset: "ascii", legalComments: "none", logLevel: "silent" };

// `texts` are modules that export a text or a list; `where` stands in for the site's where.js.
const parts = (texts, where) => ({
  name: "parts",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /.*/ }, ({ path: name }) => (name in texts ? { path: name, namespace: "texts" } : null));
    onLoad({ filter: /.*/, namespace: "texts" }, ({ path: name }) => ({ contents: JSON.stringify(texts[name]), loader: "json" }));
    if (where) onResolve({ filter: /\/where\.js$/ }, () => ({ path: path.join(job.offline, where) }));
    // The worker cannot import from an address that the page knows: it is asked for its interpreter.
    onLoad({ filter: /pyscript\/core-[\w-]+\.js$/ }, async ({ path: name }) => {
      const code = await readFile(name, "utf8");
      const contents = code.replace(/module:import\((\w+)\)/g, "module:(globalThis.interpreter??((at)=>import(at)))($1)");
      if (contents.split("globalThis.interpreter").length !== 3) throw new Error(`${name} imports its interpreter in another way than bundle.mjs knows`);
      return { contents, loader: "js" };
    });
    // PyScript can fetch parts that the site does not have, since it never asks for them.
    onResolve({ filter: /^\.\/.*-[\w-]{8}\.js$/ }, async ({ path: name, resolveDir }) => {
      const found = path.join(resolveDir, name);
      return (await readFile(found).catch(() => null)) ? null : { path: name, external: true };
    });
  },
});

async function bundled(entry, plugin, options) {
  const { outputFiles } = await build({ ...COMMON, entryPoints: [entry], plugins: [plugin], write: false, ...options });
  return outputFiles[0].text;
}

const write = (name, text) => writeFile(path.join(job.out, name), text);

try {
  const interpreter = await bundled(path.join(job.page, "python/interpreter.js"), parts({}, "given.js"), { format: "esm" });
  const search = await readFile(job.search, "utf8");
  const texts = { interpreter, "search-worker": search, "boot-files": job.boot };
  await write("early.js", await bundled(path.join(job.offline, "early.js"), parts(texts), { format: "iife" }));
  await write("main.js", await bundled(path.join(job.page, "main.js"), parts({}, "where.js"), { format: "iife" }));
  // PyScript resolves the names of parts that it never asks for; nothing can be relative to a module made in the page.
  const meta = { define: { "import.meta": "meta" }, banner: { js: 'const meta={url:"https://offline.invalid/"};' } };
  await write("core.js", await bundled(job.core, parts({}), { format: "esm", ...meta }));
  console.log("bundled");
} catch (error) {
  console.error(error.message ?? error);
  process.exitCode = 1;
}
