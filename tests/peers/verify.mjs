// Checks ML-DSA-44 cosignatures made by veedor with @noble/post-quantum, and makes one for veedor to check.
// Standard input: JSON {cases: [{public, message, signature}], seed, message}, all in hexadecimal.
import { ml_dsa44 } from "@noble/post-quantum/ml-dsa.js";
import { readFileSync } from "node:fs";

const bytes = (hex) => Uint8Array.from(Buffer.from(hex, "hex"));
const hex = (array) => Buffer.from(array).toString("hex");
const given = JSON.parse(readFileSync(0, "utf8"));
const verified = given.cases.map((one) => ml_dsa44.verify(bytes(one.signature), bytes(one.message), bytes(one.public)));
const keys = ml_dsa44.keygen(bytes(given.seed));
const signature = ml_dsa44.sign(bytes(given.message), keys.secretKey);
process.stdout.write(JSON.stringify({ verified, public: hex(keys.publicKey), signature: hex(signature) }));
