// Records the expectations of the named files with npm's pyodide. See record.py.
import { readFileSync, writeFileSync } from "node:fs";
import { loadPyodide } from "pyodide";

const python = await loadPyodide();
python.globals.set("__name__", "record");
python.runPython(readFileSync(new URL("record.py", import.meta.url), "utf8"));
for (const path of process.argv.slice(2)) {
  writeFileSync(path, python.globals.get("record")(readFileSync(path, "utf8")));
}
