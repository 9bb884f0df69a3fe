// The layers of the browser code: web/ is below live/, and both are below the pages, which do not know each other.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../static/js", import.meta.url));
const IMPORT = /(?:\bfrom\s*|\bimport\s*\(?\s*)["'](\.[^"']+)["']/g;
/** The folders that a folder may import from, besides itself. */
const BELOW = { web: [], live: ["web"] };
const BELOW_A_PAGE = ["live", "web"];

const folderOf = (path) => relative(ROOT, path).split(sep)[0];

/** Every import between two files of static/js. */
function imports() {
  return readdirSync(ROOT, { recursive: true })
    .filter((name) => name.endsWith(".js"))
    .map((name) => join(ROOT, name))
    .flatMap((file) =>
      [...readFileSync(file, "utf8").matchAll(IMPORT)].map(([, specifier]) => ({
        file,
        target: join(dirname(file), specifier),
      })),
    )
    .filter(({ target }) => !folderOf(target).startsWith(".."));
}

test("imports go down the layers: a page, then live/, then web/", () => {
  const found = imports();
  assert.ok(found.length > 50, "the imports were found");
  const upward = found.filter(({ file, target }) => {
    const [from, to] = [folderOf(file), folderOf(target)];
    return from !== to && !(BELOW[from] ?? BELOW_A_PAGE).includes(to);
  });
  assert.deepEqual(
    upward.map(({ file, target }) => `${relative(ROOT, file)} imports ${relative(ROOT, target)}`),
    [],
  );
});
