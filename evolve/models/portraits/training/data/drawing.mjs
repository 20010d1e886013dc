// Draws faces: DiceBear's parts as SVG, rendered by resvg. `modules` is the folder that holds node_modules.
// Gives `svg(key, options)`, the drawing as one line of text, and `draw(key, options, size)`, its RGBA pixels;
// `bare(key)` are options by which nothing is drawn that may be left out.
import path from "node:path";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

export async function drawing(modules) {
  const require = createRequire(path.join(modules, "compose.cjs"));
  const installed = (name) => {
    // Both DiceBear packages are ES modules without a "require" entry, so find their files.
    const folder = path.join(modules, "node_modules", name);
    return import(pathToFileURL(path.join(folder, "lib/index.js")).href);
  };
  const { createAvatar } = await installed("@dicebear/core");
  const collection = await installed("@dicebear/collection");
  const { Resvg } = require("@resvg/resvg-js");
  // resvg reads the kind of a mask from the attribute alone, and takes its luminance if there is
  // none: of a dark open mouth behind a mask of its own shape only a shadow was left.
  const svg = (key, options) =>
    createAvatar(collection[key], options).toString().replaceAll('style="mask-type:alpha"', 'mask-type="alpha"').replaceAll("\n", " ");
  const draw = (key, options, size) => new Resvg(svg(key, options), { fitTo: { mode: "width", value: size } }).render().pixels;
  const may = (key) => Object.keys(collection[key].schema.properties).filter((name) => name.endsWith("Probability"));
  const bare = (key) => Object.fromEntries(may(key).map((name) => [name, 0]));
  return { bare, collection, draw, svg };
}

// Options by which a part is drawn in a variant, or left out: an unknown name makes it empty.
export const shown = (part, variant) => ({ [part]: [variant ?? "none"], [part + "Probability"]: variant ? 100 : 0 });
