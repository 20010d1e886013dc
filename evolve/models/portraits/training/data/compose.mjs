// Composes captionable faces from DiceBear parts and renders them with resvg.
//
//   node compose.mjs --out DIR [--count 36000] [--size 128] [--seed 1] [--without ATTRIBUTE] [--drawings]
//
// Writes DIR/faces.u8 (count x size x size x 3 bytes, RGB) and DIR/faces.jsonl (one record a
// face: style, parts, attributes, held_out). Face i depends only on (seed, i); a stopped run goes
// on where it was. With --without, each face is the same but for the parts that show an attribute
// (mouth, glasses, beard, hair); without "hair_colour" its hair has another colour. Faces that are
// not held out are black then. With --drawings the pixels are left to others: DIR/faces.jsonl and
// a file DIR/STYLE.svg of every style, one drawing a line, are written from the start.
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { drawing, shown } from "./drawing.mjs";
import { STYLES } from "./styles.mjs";

const { values: args } = parseArgs({
  options: {
    out: { type: "string" }, count: { type: "string", default: "36000" },
    size: { type: "string", default: "128" }, seed: { type: "string", default: "1" },
    without: { type: "string", default: "" }, drawings: { type: "boolean", default: false },
    modules: { type: "string", default: import.meta.dirname }, // folder that holds node_modules
  },
});
const { bare, collection, draw, svg } = await drawing(args.modules);

const HAIR = {
  black: "1c1a1e", brown: "6b4226", blonde: "e6c869", red: "b3241c", orange: "e8791f", grey: "9b9b9f",
  white: "f3f1ec", blue: "2f6bd8", green: "2f9a48", pink: "f088b6", purple: "7b3fb5",
};
const SKIN = { pale: "ffe5d3", light: "f3c8a3", tan: "d99e6c", brown: "9d633a", dark: "5c3820" };
const CLOTHES = {
  red: "c92a2a", orange: "f08c2e", yellow: "f2cf3b", green: "3f9e4d", blue: "2f62c9", purple: "7d3fb8",
  pink: "ec6fa6", black: "26262a", grey: "8a8a8e", white: "f4f4f2", turquoise: "35b8ad",
};
const BACKGROUND = {
  white: "fcfcfc", grey: "b6bac0", blue: "7db2f0", green: "8fd694", yellow: "ffe27a", orange: "ffb066",
  red: "ee6a66", pink: "ffb3d1", purple: "b79cf0", turquoise: "6fd6cf", beige: "ecdcc0", black: "2a2a2e",
};
const DARK = ["1c1a1e", "26262a", "5a1f1a", "1f3a6e", "3b2a63"];
const INK = new Set(["lorelei", "notionists", "croodles", "open-peeps", "dylan"]); // black lines
const OMITTED = { mouth: 0.12, glasses: 0.45, beard: 0.62, earrings: 0.6, hat: 0.72, hair: 0.08, rear: 0.45, moustache: 0.8 };
const EXTRA = new Set(["catears", "facemask", "clownnose", "eyepatch"]);
const RARE = new Set([...EXTRA, "pacifier"]);
const LONG = new Set(["bob", "long", "long wavy", "long curly", "bun", "buns", "ponytail", "pigtails", "braid"]);

function generator(seed, index) {
  // mulberry32, started from a hash of (seed, index).
  let a = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b)) >>> 0;
  const uniform = () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  uniform();
  const pick = (list) => list[Math.floor(uniform() * list.length)];
  const jitter = (hex) =>
    [0, 2, 4].map((k) => {
      const c = parseInt(hex.slice(k, k + 2), 16) + Math.round((uniform() - 0.5) * 20);
      return Math.max(0, Math.min(255, c)).toString(16).padStart(2, "0");
    }).join("");
  return { uniform, pick, jitter };
}

function drawValue(rng, variants, omittable, chance) {
  // The attribute's value first (rare values are seen often enough), its variant second.
  if (omittable && rng.uniform() < chance) return ["none", null];
  const names = Object.keys(variants);
  const weights = names.map((n) => Math.sqrt(variants[n].length) * (n === "none" ? 1.5 : RARE.has(n) || n.startsWith("hat:") ? 0.6 : 1));
  let r = rng.uniform() * weights.reduce((x, y) => x + y, 0);
  let name = names.find((n, k) => (r -= weights[k]) < 0) ?? names.at(-1);
  return [name, rng.pick(variants[name])];
}

function hashed(text) {
  let h = 2166136261;
  for (const c of text) h = Math.imul(h ^ c.charCodeAt(0), 16777619);
  return h >>> 0;
}

const SHOWING = { beard: ["beard", "moustache"], hair: ["hair", "rear"] };

function leaveOut(attribute, style, options) {
  const showing = SHOWING[attribute] ?? [attribute];
  for (const [part, variants] of Object.entries(style.parts)) {
    if (!showing.includes(style.as?.[part] ?? part)) continue;
    Object.assign(options, shown(part, variants.none?.[0])); // eyes without glasses, or nothing at all
  }
  const hair = style.paint.hair;
  if (attribute === "hair_colour" && hair) options[hair] = [options[hair][0] < "8" ? HAIR.pink : HAIR.blue];
}

function compose(seed, index) {
  const rng = generator(seed, index);
  const names = Object.keys(STYLES);
  const name = names[index % names.length];
  const style = STYLES[name];
  const options = { seed: String(index), ...style.frame, ...bare(style.key) };
  const parts = {};
  const attributes = { style: name, glasses: "none", beard: "none", hat: "none", ...(style.fixed ?? {}) };
  const set = (part, variant) => {
    Object.assign(options, shown(part, variant));
    parts[part] = variant ?? "none";
  };
  for (const [part, variants] of Object.entries(style.parts)) {
    const as = style.as?.[part] ?? part;
    let chance = OMITTED[as] ?? 0;
    if (as === "beard" && LONG.has(attributes.hair)) chance = 0.94;
    if (as === "rear" && attributes.hair !== "short" && attributes.hair !== "spiky") chance = 1;
    let [value, variant] = drawValue(rng, variants, style.omit.includes(as) || as === "rear", chance);
    value = style.rename?.[value] ?? value;
    set(part, variant);
    if (as === "hair") {
      if (value.startsWith("hat:")) attributes.hat = value.slice(4);
      else attributes.hair = value === "none" ? "bald" : value;
    } else if (as === "rear") {
      if (value !== "none") attributes.hair = value;
    } else if (as === "moustache") {
      if (value !== "none") attributes.beard = attributes.beard === "none" ? "moustache" : "beard";
    } else if (value === "moustache") attributes.beard = value;
    else if (EXTRA.has(value)) attributes.extra = value;
    else attributes[as] = value;
  }
  for (const [part, variants] of Object.entries(style.free)) set(part, rng.pick(variants));

  const paint = style.paint;
  const colour = (palette, option, attribute) => {
    const named = rng.pick(Object.keys(palette));
    options[option] = [rng.jitter(palette[named])];
    if (attribute) attributes[attribute] = named;
  };
  const hasHair = attributes.hair !== undefined && attributes.hair !== "bald";
  if (paint.hair) {
    colour(HAIR, paint.hair, hasHair ? "hair_colour" : attributes.hat !== "none" && name !== "personas" ? "hat_colour" : null);
    for (const also of ["beard", "eyebrows"]) if (paint[also]) options[paint[also]] = options[paint.hair];
  }
  if (paint.contrast) {
    if (style.contrast.includes(parts.head)) colour(HAIR, paint.contrast, "hair_colour");
    else {
      colour(CLOTHES, paint.contrast, null);
      if (hasHair) attributes.hair_colour = "black";
    }
  }
  if (attributes.hat_colour === "blonde") attributes.hat_colour = "yellow"; // a turban is not blonde
  if (paint.skin) {
    if (rng.uniform() < (style.paper ?? 0)) { options[paint.skin] = ["ffffff"]; attributes.skin = "paper"; }
    else colour(SKIN, paint.skin, "skin");
  }
  if (paint.clothes) colour(CLOTHES, paint.clothes, "clothes_colour");
  // Some hats are drawn in black ink, others have the colour of the clothes.
  if (style.hats?.[attributes.hat]) attributes.hat_colour = style.hats[attributes.hat] === "ink" ? "black" : attributes.clothes_colour;
  if (paint.hat) colour(CLOTHES, paint.hat, attributes.hat !== "none" ? "hat_colour" : null);
  const grounds = Object.keys(BACKGROUND).filter((n) => n !== attributes.hair_colour && n !== attributes.hat_colour && !(n === "black" && INK.has(name)));
  attributes.background = rng.pick(grounds);
  options.backgroundColor = [rng.jitter(BACKGROUND[attributes.background])];
  // Thin lines have to stand out from skin and hair.
  for (const option of style.dark ?? []) options[option] = [rng.pick(DARK)];

  // Held out by combination of parts: no such combination is ever seen in training.
  const combination = [name, parts.hair ?? parts.head ?? parts.top, attributes.hair_colour, attributes.mouth, attributes.glasses, attributes.background];
  if (args.without) leaveOut(args.without, style, options);
  return { options, key: style.key, record: { style: name, parts, attributes, held_out: hashed(combination.join("|")) % 25 === 0 } };
}

function check() {
  for (const [name, style] of Object.entries(STYLES)) {
    const { schema, meta } = collection[style.key];
    if (meta.license.name !== style.licence) throw new Error(`${name}: licence is ${meta.license.name}`);
    const known = [...Object.entries(style.parts).map(([p, t]) => [p, Object.values(t).flat()]), ...Object.entries(style.free)];
    for (const [part, variants] of known) {
      const missing = variants.filter((n) => !schema.properties[part]?.items.enum.includes(n));
      if (missing.length) throw new Error(`${name}.${part}: no ${missing.join(", ")}`);
    }
  }
}

check();
const [count, size, seed] = [args.count, args.size, args.seed].map(Number);
const bytes = size * size * 3;
fs.mkdirSync(args.out, { recursive: true });
if (args.drawings) {
  const lines = {};
  for (let i = 0; i < count; i++) {
    const { options, key, record } = compose(seed, i);
    for (const [name, line] of [["faces.jsonl", JSON.stringify({ index: i, ...record })], [`${record.style}.svg`, svg(key, options)]]) {
      (lines[name] ??= []).push(line + "\n");
    }
  }
  for (const [name, written] of Object.entries(lines)) fs.writeFileSync(path.join(args.out, name), written.join(""));
  console.log(`done: ${count} drawings in ${args.out}`);
  process.exit();
}
const [pixelFile, recordFile] = ["faces.u8", "faces.jsonl"].map((n) => path.join(args.out, n));
let lines = fs.existsSync(recordFile) ? fs.readFileSync(recordFile, "utf8").split("\n").slice(0, -1) : [];
const start = Math.min(lines.length, fs.existsSync(pixelFile) ? Math.floor(fs.statSync(pixelFile).size / bytes) : 0);
fs.writeFileSync(recordFile, lines.slice(0, start).map((l) => l + "\n").join(""));
if (fs.existsSync(pixelFile)) fs.truncateSync(pixelFile, start * bytes);
for (let i = start; i < count; i++) {
  const { options, key, record } = compose(seed, i);
  const rgb = Buffer.alloc(bytes);
  if (!args.without || record.held_out) {
    const rgba = draw(key, options, size);
    for (let p = 0, q = 0; q < bytes; p += 4) for (let c = 0; c < 3; c++) rgb[q++] = rgba[p + c];
  }
  fs.appendFileSync(pixelFile, rgb);
  fs.appendFileSync(recordFile, JSON.stringify({ index: i, ...record }) + "\n");
  if ((i + 1) % 1000 === 0) console.log(`${i + 1}/${count} faces`);
}
console.log(`done: ${count} faces in ${args.out}`);
