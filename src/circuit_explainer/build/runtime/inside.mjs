// node inside.mjs PYODIDE_FOLDER INSIDE_PY JOBS_JSON PACKAGE...: do the jobs with Pyodide's own Python.
// The disk of this machine is mounted at /disk; the last line on stdout is the result, an error goes to stderr.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [folder, inside, jobs, ...wheels] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(path.join(folder, "pyodide.mjs")));
const SITE = "/lib/python3.14/site-packages";
const python = await loadPyodide({
  indexURL: folder + path.sep,
  env: { PYTHONHASHSEED: "0" },
  lockFileContents: fs.readFileSync(path.join(folder, "pyodide-lock.json"), "utf8"),
});
try {
  python.FS.mkdirTree("/disk");
  python.FS.mount(python.FS.filesystems.NODEFS, { root: "/" }, "/disk");
  for (const wheel of wheels) python.unpackArchive(new Uint8Array(fs.readFileSync(wheel)), "wheel", { extractDir: SITE });
  python.FS.writeFile("/inside.py", fs.readFileSync(inside, "utf8"));
  python.runPython("import sys; sys.path.append('/')");
  console.log(python.pyimport("inside").run(fs.readFileSync(jobs, "utf8")));
} catch (error) {
  console.error(error.message ?? error);
  process.exitCode = 1;
}
