// node raise_inside.mjs PYODIDE_FOLDER PACKAGE_ZIP: unpack the zip as a page does, call little.deep.fail, print the error.
import fs from "node:fs";
import { pathToFileURL } from "node:url";

const [folder, zip] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`));
const python = await loadPyodide({ indexURL: `${folder}/`, packages: [] });
python.unpackArchive(new Uint8Array(fs.readFileSync(zip)), "zip", { extractDir: "/lib/python3.14/site-packages" });
try {
  python.runPython("import little.deep; little.deep.fail()");
} catch (error) {
  console.log(JSON.stringify(error.message));
}
