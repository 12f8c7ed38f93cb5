// The public samples of an audit, from the seed and a list on standard input, with nothing but SHA-256.
// node audit_sample.mjs equal SEED N < ids      node audit_sample.mjs weighted SEED N < ids-with-weights
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
const [how, seed, n] = process.argv.slice(2);
const lines = readFileSync(0, "utf8").split("\n").filter(Boolean);
const hash = (...parts) => createHash("sha256").update(parts.join("\0")).digest("hex");
const equal = () => lines.map((id) => [hash("veedor/ticket/1", seed, id), id]).sort().slice(0, n).map(([, id]) => id);
const weighted = () => {
  const rows = lines.map((line) => line.split(" ")), total = rows.reduce((sum, row) => sum + BigInt(row[1]), 0n);
  return Array.from({ length: Number(n) }, (_, k) => {
    let left = (BigInt("0x" + hash("veedor/draw/1", seed, k + 1)) * total) >> 256n;
    return rows.find((row) => (left -= BigInt(row[1])) < 0n)[0];
  });
};
console.log((how === "equal" ? equal() : weighted()).join("\n"));
