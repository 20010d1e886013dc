// Finds which parts other parts hide, and writes hidden.json.
//
//   node hidden.mjs [--modules DIR]
//
// A mouth under a full beard and an earring under long hair are in a face's record, but nobody can
// see them. Every drawing of such a part is drawn with every drawing of what may lie over it. It
// counts as hidden where the picture hardly differs from that of another value: where the
// differences of its pixels, each from 0 to 1, add up to less than SEEN, the mean of two skins.
//
// hidden.json: {style: [[attribute, part, [drawings], hiding part, [its drawings]], ...]}.
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { drawing, shown } from "./drawing.mjs";
import { STYLES } from "./styles.mjs";

const { values: args } = parseArgs({ options: { modules: { type: "string", default: import.meta.dirname } } });
const { bare, draw } = await drawing(args.modules);
const SIZE = 128, SEEN = 2;
const HIDING = { mouth: ["beard", "moustache"], earrings: ["hair"], glasses: ["hair"], beard: ["hair"] };
const SKINS = ["f3c8a3", "5c3820"], HAIR = "e8791f", CLOTHES = "2f62c9";

function difference(one, other) {
  let sum = 0;
  for (let i = 0; i < one.length; i += 4) {
    let most = 0;
    for (let c = 0; c < 3; c++) most = Math.max(most, Math.abs(one[i + c] - other[i + c]));
    sum += most / 255;
  }
  return sum;
}

function plain(style, skin) {
  const options = { seed: "1", ...style.frame, backgroundColor: ["fcfcfc"], ...bare(style.key) };
  for (const [part, variants] of Object.entries(style.free)) Object.assign(options, shown(part, variants[0]));
  const { hair, beard, eyebrows, skin: of, clothes, hat, contrast } = style.paint;
  for (const option of [hair, beard, eyebrows, contrast]) if (option) options[option] = [HAIR];
  for (const option of [clothes, hat]) if (option) options[option] = [CLOTHES];
  for (const option of style.dark ?? []) options[option] = ["26262a"];
  if (of) options[of] = [skin];
  return options;
}

function hidden(style) {
  const as = (part) => style.as?.[part] ?? part;
  const drawings = Object.fromEntries(Object.entries(style.parts).map(([part, values]) => {
    const known = Object.entries(values).flatMap(([value, variants]) => variants.map((variant) => [value, variant]));
    return [part, style.omit.includes(as(part)) || as(part) === "rear" ? [["none", null], ...known] : known];
  }));
  const pictures = (choice) => SKINS.map((skin) => {
    const options = plain(style, skin);
    for (const [part, variant] of Object.entries(choice)) Object.assign(options, shown(part, variant));
    return draw(style.key, options, SIZE);
  });
  const usual = Object.fromEntries(Object.entries(drawings).map(([part, known]) => [part, known[0][1]]));
  const rules = [];
  for (const part of Object.keys(style.parts)) for (const over of Object.keys(style.parts)) {
    if (!HIDING[as(part)]?.includes(as(over))) continue;
    const found = new Map(); // hidden drawings -> what hides them
    for (const [, above] of drawings[over]) {
      const made = drawings[part].map(([value, variant]) => [value, variant, pictures({ ...usual, [over]: above, [part]: variant })]);
      const lost = made.filter(([value, , one]) => made.some(([other, , two]) => other !== value &&
        SKINS.reduce((sum, _, k) => sum + difference(one[k], two[k]), 0) / SKINS.length < SEEN));
      if (!lost.length) continue;
      const key = JSON.stringify(lost.map(([, variant]) => variant ?? "none"));
      found.set(key, [...(found.get(key) ?? []), above ?? "none"]);
    }
    for (const [key, above] of found) rules.push([as(part), part, JSON.parse(key), over, above]);
  }
  return rules;
}

const found = Object.fromEntries(Object.entries(STYLES).map(([name, style]) => [name, hidden(style)]).filter(([, rules]) => rules.length));
const lines = Object.entries(found).map(([name, rules]) => `${JSON.stringify(name)}: [\n${rules.map((rule) => "  " + JSON.stringify(rule)).join(",\n")}\n]`);
fs.writeFileSync(path.join(import.meta.dirname, "hidden.json"), `{\n${lines.join(",\n")}\n}\n`);
