// node inside.mjs PYODIDE_FOLDER INSIDE_PY JOBS_JSON: do the jobs with Pyodide's own Python.
// The machine's disk is mounted at /disk.
// The last line on stdout is the result; an error goes to stderr.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [folder, inside, jobs] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(path.join(folder, "pyodide.mjs")));
try {
  const python = await loadPyodide({
    indexURL: folder + path.sep,
    env: { PYTHONHASHSEED: "0" },
  });
  python.FS.mkdirTree("/disk");
  python.FS.mount(python.FS.filesystems.NODEFS, { root: "/" }, "/disk");
  python.FS.writeFile("/inside.py", fs.readFileSync(inside, "utf8"));
  python.runPython("import sys; sys.path.append('/')");
  console.log(python.pyimport("inside").run(fs.readFileSync(jobs, "utf8")));
} catch (error) {
  console.error(error.message ?? error);
  process.exitCode = 1;
}
