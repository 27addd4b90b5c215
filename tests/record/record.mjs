#!/usr/bin/env node
// Records what programs do on CPython 3.14 (npm `pyodide`) and on `python3`. CONTRIBUTING.md has the commands.
import { execFileSync, fork, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));

// ---------------------------------------------------------------- a worker: one pyodide, one program at a time
if (process.argv[2] === '--worker') {
  const { loadPyodide } = await import('pyodide');
  const py = await loadPyodide({ stdout: () => {}, stderr: () => {} });
  py.FS.mkdirTree('/host');
  py.mountNodeFS('/host', '/');
  py.FS.mkdirTree('/rec');
  py.FS.writeFile('/rec/_recorder.py', fs.readFileSync(path.join(here, 'driver.py'), 'utf8'));
  const version = py.runPython('import sys; sys.path.insert(0, "/rec"); import _recorder; sys.path.pop(0); sys.version.split()[0]');
  const run = py.runPython('_recorder.run');
  process.on('message', ({ id, file, stdin }) => {
    let answer;
    try {
      const r = run('/host' + file, stdin);
      const [stdout, stderr, exit] = r.toJs();
      r.destroy();
      answer = { id, stdout, stderr: stderr.replaceAll('/host' + path.dirname(file) + '/', ''), exit };
    } catch (e) {
      answer = { id, broken: String(e) };
    }
    process.send(answer, () => { if (answer.broken) process.exit(1); });
  });
  process.send({ ready: version });
}

// ---------------------------------------------------------------- running
const TIMEOUT = Number(process.env.RECORD_TIMEOUT ?? 20) * 1000;

function stdinOf(file) {
  const f = file.replace(/\.py$/, '.in');
  return fs.existsSync(f) ? fs.readFileSync(f, 'utf8') : '';
}

let version314 = '?';
async function runAll314(files, jobs, results) {
  let next = 0, done = 0;
  const lane = async () => {
    let worker = null, count = 0;
    while (next < files.length) {
      const i = next++;
      if (worker === null || count >= 3000) {
        worker?.kill('SIGKILL');
        worker = fork(fileURLToPath(import.meta.url), ['--worker'], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
        count = 0;
        version314 = (await new Promise(r => worker.once('message', r))).ready;
      }
      count++;
      const w = worker;
      const answer = await new Promise(resolve => {
        const clock = setTimeout(() => finish({ timeout: true }), TIMEOUT);
        const finish = a => { clearTimeout(clock); w.off('message', finish); w.off('exit', gone); resolve(a); };
        const gone = () => finish({ broken: 'the interpreter died' });
        w.on('message', finish);
        w.on('exit', gone);
        w.send({ id: i, file: files[i], stdin: stdinOf(files[i]) });
      });
      if (answer.timeout || answer.broken) { w.kill('SIGKILL'); worker = null; }
      results[i] = tidy(answer);
      done++;
      if (process.stderr.isTTY || done % 1000 === 0) process.stderr.write(`\r3.14: ${done}/${files.length} `);
    }
    worker?.kill('SIGKILL');
  };
  await Promise.all(Array.from({ length: Math.min(jobs, Math.ceil(files.length / 20) || 1) }, lane));
}

async function runAllNative(python, files, jobs, results) {
  python = execFileSync(python, ['-c', 'import sys; print(sys.executable)']).toString().trim();   // not a shim, which is slow
  let next = 0;
  const lane = async () => {
    const p = spawn(python, ['-B', '-c', `import sys; sys.path.insert(0, ${JSON.stringify(here)}); import forks; sys.path.pop(0); forks.serve(${Math.ceil(TIMEOUT / 1000)})`],
      { cwd: here, stdio: ['ignore', 'ignore', 'inherit', 'pipe', 'pipe'],
        env: { PATH: process.env.PATH, HOME: process.env.HOME, PYTHONHASHSEED: '0', PYTHONIOENCODING: 'utf-8' } });
    let text = '', waiting = null;
    p.stdio[4].setEncoding('utf8');
    p.stdio[4].on('data', d => {
      text += d;
      const k = text.indexOf('\n');
      if (k >= 0) { const l = text.slice(0, k); text = text.slice(k + 1); waiting(JSON.parse(l)); }
    });
    while (next < files.length) {
      const i = next++;
      const a = await new Promise(resolve => {
        waiting = resolve;
        p.stdio[3].write(JSON.stringify({ file: files[i], stdin: stdinOf(files[i]) }) + '\n');
      });
      if (a.stderr) a.stderr = a.stderr.replaceAll(path.dirname(files[i]) + '/', '');
      results[i] = tidy(a);
    }
    p.stdio[3].end();
  };
  await Promise.all(Array.from({ length: jobs }, lane));
}

// ---------------------------------------------------------------- what a run says
function tidy(a) {
  if (a.timeout || a.broken) return { stdout: '', stderr: '', exit: -1, last: a.timeout ? 'timeout' : a.broken };
  const text = s => s.replace(/(?<= at )0x[0-9a-f]{4,}\b/g, "0x…");
  const r = { stdout: text(a.stdout), stderr: text(a.stderr), exit: a.exit };
  r.last = lastLine(r);
  return r;
}

// The lines without the exceptions that nobody could handle, each with its traceback.
function withoutIgnored(lines) {
  const kept = [];
  for (let i = 0; i < lines.length; i++) {
    if (!lines[i].startsWith('Exception ignored')) { kept.push(lines[i]); continue; }
    for (i++; i < lines.length && /^( |Traceback)/.test(lines[i]); i++);
  }
  return kept;
}

// `normal`, `exits N`, or `raises ` and the line of the exception that left the program. In a group's traceback,
// and where notes or further lines of the message follow, that is not the last line of stderr.
function lastLine(r) {
  if (r.exit === 0) return 'normal';
  let lines = withoutIgnored(r.stderr.split('\n'));
  const cut = lines.findLastIndex(l => /^( {2}\| )?(During handling of the above exception, another|The above exception was the direct cause)/.test(l));
  lines = lines.slice(cut + 1);
  let start = lines.findLastIndex(l => /^( {2}\+ Exception Group )?Traceback \(most recent call last\):/.test(l));
  if (start < 0) start = lines.findLastIndex(l => /^ {2}File ".*", line \d+$/.test(l));   // a syntax error
  const grouped = lines.findIndex(l => /^ {2}\| \S/.test(l));
  if (start < 0 && grouped < 0) return `exits ${r.exit}`;
  const group = start < 0 || lines[start].startsWith('  +');
  for (const l of lines.slice(start + 1)) {
    if (group) { const m = /^ {2}\| (\S.*)$/.exec(l); if (m) return 'raises ' + m[1]; }
    else if (/^\S/.test(l)) return 'raises ' + l;
  }
  return `exits ${r.exit}`;
}

function outcome(r) {
  const lines = r.stdout.split('\n');
  const unfinished = lines.pop();
  if (unfinished !== '') lines.push(unfinished);
  return lines.map(l => (l ? '> ' + l : '>') + '\n').join('') + r.last + '\n';
}

// Warnings and what went to stderr besides the traceback of the exception that left the program.
function warnings(r) {
  return r.stderr.split('\n').filter(l => /: \w*Warning: |^Exception ignored/.test(l));
}

// ---------------------------------------------------------------- programs
function* walk(dir) {
  for (const e of fs.readdirSync(dir, { withFileTypes: true }).sort((a, b) => a.name < b.name ? -1 : 1)) {
    const f = path.join(dir, e.name);
    if (e.isDirectory()) { if (!/^(__pycache__|src|node_modules)$/.test(e.name)) yield* walk(f); }
    else if (e.name.endsWith('.py') && !e.name.endsWith("_database.py") && !e.name.startsWith('_')) yield f;
  }
}

// A chapter's programs: each ```python block behind a heading with {#litmus.…}, and the ```outcome blocks behind it.
function programsOf(markdown) {
  const lines = fs.readFileSync(markdown, 'utf8').split('\n');
  const found = [];
  let id = null;
  for (let i = 0; i < lines.length; i++) {
    const h = /^#+ .*\{#(litmus\.[\w.-]+)\}/.exec(lines[i]);
    if (h) id = h[1];
    else if (/^#/.test(lines[i])) id = null;
    const fence = /^```(python|outcome)( \S+)?\s*$/.exec(lines[i]);
    if (!fence) continue;
    let j = i + 1;
    while (lines[j] !== '```') j++;
    const body = lines.slice(i + 1, j).map(l => l + '\n').join('');
    if (fence[1] === 'python' && id) found.push({ id, source: body, end: j, outcomes: [] });
    else if (fence[1] === 'outcome' && found.length) found.at(-1).outcomes.push({ version: (fence[2] ?? '').trim(), body, from: i, to: j });
    i = j;
  }
  // Of several outcomes none is that of a real Python.
  return { lines, found: found.filter(program => !program.outcomes.some(outcome => /^or$/m.test(outcome.body))) };
}

const FENCE = '```';
function block(version, body) { return [FENCE + 'outcome' + (version ? ' ' + version : ''), ...body.trimEnd().split('\n'), FENCE]; }

async function main() {
  const args = process.argv.slice(2);
  const flag = n => { const i = args.indexOf(n); if (i < 0) return false; args.splice(i, 1); return true; };
  const option = (n, d) => { const i = args.indexOf(n); if (i < 0) return d; const v = args[i + 1]; args.splice(i, 2); return v; };
  const write = flag('--write'), check = flag('--check'), quiet = flag('--quiet');
  const only314 = flag('--only-3.14'), onlyNative = flag('--only-python3');
  const json = option('--json'), markdown = option('--markdown'), python = option('--python', 'python3');
  const jobs = Number(option('--jobs', os.cpus().length));
  if (args.length === 0) { console.error('usage: record.mjs [--write|--check] [--json FILE] [--markdown DIR] [--only-3.14|--only-python3] [--python P] [--jobs N] PATH…'); process.exit(2); }

  const items = [];            // { file, id, chapter?, program? }
  const chapters = [];
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'record-'));
  for (const a of args) {
    if (a.endsWith('.md')) {
      const c = { path: a, ...programsOf(a) };
      chapters.push(c);
      c.found.forEach((p, n) => {
        const dir = path.join(scratch, `${chapters.length}-${n}`);
        fs.mkdirSync(dir);
        const file = path.join(dir, 'litmus.py');
        fs.writeFileSync(file, p.source);
        items.push({ file, id: p.id, program: p });
      });
    } else if (fs.statSync(a).isDirectory()) for (const f of walk(path.resolve(a))) items.push({ file: f, id: path.relative(process.cwd(), f) });
    else items.push({ file: path.resolve(a), id: a });
  }
  const files = items.map(i => i.file);
  const r314 = [], r311 = [];
  const started = Date.now();
  if (!onlyNative) await runAll314(files, jobs, r314);
  const middle = Date.now();
  if (!only314) await runAllNative(python, files, jobs, r311);
  const seconds = ms => (ms / 1000).toFixed(1) + ' s';

  let differing = 0, wrong = 0, warned = 0, broken = 0;
  const book = {};
  items.forEach((item, i) => {
    const a = r314[i], b = r311[i], main = a ?? b;
    book[item.id] = { ...(a && { '3.14': a }), ...(b && { python3: b }) };
    for (const r of [a, b]) if (r && r.exit === -1) { broken++; console.log(`${item.id}: ${r.last}`); }
    const differ = a && b && outcome(a) !== outcome(b);
    if (differ) {
      differing++;
      if (!quiet) {
        console.log(`${item.id}: 3.14 and python3 differ`);
        const x = outcome(a).split('\n'), y = outcome(b).split('\n');
        for (let k = 0; k < Math.max(x.length, y.length); k++) if (x[k] !== y[k]) {
          console.log(`    3.14     ${x[k] ?? ''}\n    python3  ${y[k] ?? ''}`);
          break;
        }
      }
    }
    if (a && warnings(a).length) { warned++; if (!quiet) for (const l of warnings(a)) console.log(`${item.id}: 3.14 says  ${l}`); }
    item.wanted = [['', outcome(main)], ...(differ ? [['3.11', outcome(b)]] : [])];
    // files: X.outcome and, where python3 differs, X.outcome-3.11
    if (!item.program && (write || check)) {
      for (const v of ['', '3.11']) {
        if (v && !(a && b)) continue;
        const f = item.file.replace(/\.py$/, '.outcome' + (v && '-' + v));
        const want = item.wanted.find(w => w[0] === v)?.[1];
        const have = fs.existsSync(f) ? fs.readFileSync(f, 'utf8') : undefined;
        if (write) { if (want === undefined) fs.rmSync(f, { force: true }); else if (want !== have) fs.writeFileSync(f, want); }
        else if (want !== have) { wrong++; console.log(`${item.id}: the recorded outcome${v && ' of ' + v} is not what Python does:\n    recorded ${JSON.stringify(have)}\n    Python   ${JSON.stringify(want)}`); }
      }
    }
  });
  for (const c of chapters) {
    for (const p of [...c.found].reverse()) {
      const item = items.find(i => i.program === p);
      const several = p.outcomes.some(o => /^or$/m.test(o.body));   // calls that no file defines
      if (several) continue;
      if (check) for (const [v, body] of item.wanted) {
        const have = p.outcomes.find(o => o.version === v)?.body;
        if (have !== body) { wrong++; console.log(`${c.path}: ${p.id}: the outcome${v && ' of ' + v} is not what Python does:\n    book   ${JSON.stringify(have)}\n    Python ${JSON.stringify(body)}`); }
      }
      if (write) {
        for (const o of [...p.outcomes].reverse()) c.lines.splice(o.from, o.to - o.from + 1);
        let at = p.end + 1;
        if (p.outcomes.length === 0) c.lines.splice(at, 0, ''), at++;
        else at = p.outcomes[0].from;
        // blocks after the first one left an empty line each
        let extra = p.outcomes.length - 1;
        while (extra-- > 0 && c.lines[at] === '') c.lines.splice(at, 1);
        c.lines.splice(at, 0, ...item.wanted.flatMap(([v, b], k) => [...(k ? [''] : []), ...block(v, b)]));
      }
    }
    if (write) fs.writeFileSync(c.path, c.lines.join('\n'));
  }
  if (markdown) {   // one chapter a directory
    fs.mkdirSync(markdown, { recursive: true });
    const by = new Map();
    items.forEach(item => { const d = path.basename(path.dirname(item.file)); by.set(d, [...(by.get(d) ?? []), item]); });
    for (const [d, list] of by) {
      const out = [`# ${d}`, '', '## Litmus programs', ''];
      for (const item of list) {
        const [head, ...rest] = fs.readFileSync(item.file, 'utf8').trimEnd().split('\n');
        out.push('##' + head, '', FENCE + 'python', ...rest, FENCE, '');
        for (const [v, b] of item.wanted) out.push(...block(v, b), '');
      }
      fs.writeFileSync(path.join(markdown, d + '.md'), out.join('\n'));
    }
  }
  if (json) fs.writeFileSync(json, JSON.stringify(book, null, 1) + '\n');
  fs.rmSync(scratch, { recursive: true, force: true });
  console.log(`${items.length} programs; CPython ${version314} in ${seconds(middle - started)}, ${python} in ${seconds(Date.now() - middle)}; ` +
    `${differing} differ, ${warned} with warnings, ${broken} broken${check ? `, ${wrong} outcomes wrong` : ''}`);
  process.exit(wrong || broken ? 1 : 0);
}

if (process.argv[2] !== '--worker') await main();
