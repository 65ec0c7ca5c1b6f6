// NLP.js, speaking the same lines as the programs in Python (lines.py). Run it where @nlpjs/basic is installed.
const readline = require("node:readline");
const { createRequire } = require("node:module");

const installed = createRequire(`${process.cwd()}/`);
const { dockStart } = installed("@nlpjs/basic");
const { version } = installed("@nlpjs/basic/package.json");

const seconds = (start) => Number(process.hrtime.bigint() - start) / 1e9;
const say = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`);

async function fit(examples) {
  const settings = { nlp: { languages: ["en"], autoSave: false, autoLoad: false, forceNER: false, nlu: { log: false } } };
  const dock = await dockStart({ settings, use: ["Basic", "LangEn"] });
  const nlp = dock.get("nlp");
  nlp.addLanguage("en");
  for (const [text, label] of examples) nlp.addDocument("en", text, label);
  await nlp.train();
  return nlp;
}

async function ask(nlp, question) {
  const { classifications } = await nlp.process("en", question);
  const best = classifications.find(({ intent }) => intent !== "None");
  return best ? { label: best.intent, confidence: best.score } : { label: "", confidence: 0 };
}

async function main() {
  let nlp;
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const start = process.hrtime.bigint();
    if (nlp) {
      const answer = await ask(nlp, JSON.parse(line));
      say({ ...answer, seconds: seconds(start) });
    } else {
      nlp = await fit(JSON.parse(line));
      say({ seconds: seconds(start), version });
    }
  }
}

main();
