import { runProgram } from '../../core/program.ts';
import { firstFields } from './csv.ts';
import { mapBytes } from './script-parts.ts';
import {
  busyTimeoutMs,
  doneMark,
  linesOf,
  outputText,
  readSettlement,
  type SqliteTool,
  settleStatements,
  settleTimeoutMs,
} from './sqlite-tool.ts';

const copyProgram = `
import os, sqlite3, sys
from urllib.parse import quote
live, copy, mode, seconds = sys.argv[1:5]
source = sqlite3.connect('file:' + quote(os.fsencode(live)) + '?mode=' + mode, uri=True, timeout=float(seconds), isolation_level=None)
source.execute('BEGIN')
source.execute('SELECT count(*) FROM sqlite_master').fetchone()
target = sqlite3.connect(copy)
source.backup(target)
source.execute('COMMIT')
target.close()
print('${doneMark}')
`;

const queryProgram = `
import json, os, sqlite3, sys
from urllib.parse import quote
source = sqlite3.connect('file:' + quote(os.fsencode(sys.argv[1])) + '?mode=ro&immutable=1', uri=True)
source.execute('PRAGMA mmap_size=${mapBytes.here}').fetchall()
for statement in json.load(sys.stdin):
    for row in source.execute(statement):
        print(row[0])
`;

const columnProgram = `
import csv, os, sqlite3, sys
from urllib.parse import quote
source = sqlite3.connect('file:' + quote(os.fsencode(sys.argv[1])) + '?mode=ro&immutable=1', uri=True)
source.text_factory = lambda content: content.decode('utf-8', 'replace')
sys.stdout.reconfigure(encoding='utf-8', newline='')
out = csv.writer(sys.stdout)
for row in source.execute(sys.stdin.buffer.read().decode('utf-8')):
    value = row[0]
    out.writerow([value.decode('utf-8', 'replace') if isinstance(value, bytes) else value])
`;

const settleProgram = `
import os, sqlite3, sys
from urllib.parse import quote
live, seconds = sys.argv[1:3]
source = sqlite3.connect('file:' + quote(os.fsencode(live)) + '?mode=rw', uri=True, timeout=float(seconds), isolation_level=None)
for statement in ${JSON.stringify(settleStatements)}:
    print(source.execute(statement).fetchall()[0][0])
source.close()
`;

/** python3 with the SQLite that it brings. */
export function pythonSqlite(version: string): SqliteTool {
  // -I: neither PYTHON* variables nor a module in the current folder can change what runs.
  const python = ['python3', '-I', '-c'] as const;
  return {
    sqliteVersion: version,
    label: `python3 with SQLite ${version}`,
    method: "python3's sqlite3 backup inside a read transaction",
    copyProgram({ live, copy }) {
      const opened = (mode: 'ro' | 'rw') =>
        [...python, copyProgram, live, copy, mode, `${busyTimeoutMs / 1000}`] as const;
      return { reading: opened('ro'), writing: opened('rw') };
    },
    query: (host, file, statements, options) =>
      linesOf(host, [...python, queryProgram, file], JSON.stringify(statements), options),
    async firstColumn(host, file, sql, options) {
      return firstFields(await outputText(host, [...python, columnProgram, file], sql, options));
    },
    async settle(host, live, signal) {
      const argv = [...python, settleProgram, live, `${settleTimeoutMs / 1000}`] as const;
      return readSettlement(await runProgram(host, [...argv], { signal }));
    },
  };
}
