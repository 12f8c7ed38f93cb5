// The public samples of an audit, from the seed and a list on standard input, with nothing but SHA-256.
// node audit_sample.mjs equal SEED N < ids      node audit_sample.mjs weighted SEED N < ids-with-weights
// node audit_sample.mjs ballots SEED N < how-many-ballots
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
const [how, seed, n] = process.argv.slice(2);
const lines = readFileSync(0, "utf8").split("\n").filter(Boolean);
const hash = (...parts) => createHash("sha256").update(parts.join("\0")).digest("hex");
const below = (total, ...parts) => (BigInt("0x" + hash(...parts)) * BigInt(total)) >> 256n;
const equal = () => lines.map((id) => [hash("veedor/ticket/1", seed, id), id]).sort().slice(0, n).map(([, id]) => id);
const rows = lines.map((line) => line.split(" ")), total = () => rows.reduce((sum, row) => sum + BigInt(row[1]), 0n);
const weighted = (all = total()) => Array.from({ length: Number(n) }, (_, k, at = below(all, "veedor/draw/1", seed, k + 1)) =>
  rows.find((row) => (at -= BigInt(row[1])) < 0n)[0]);
const ballots = (drawn = new Set(), k = 0) => {
  while (drawn.size < n) drawn.add(below(lines[0], "veedor/ballot/1", seed, ++k));
  return [...drawn];
};
console.log({ equal, weighted, ballots }[how]().join("\n"));
