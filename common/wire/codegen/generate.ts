/**
 * Generates `common/wire/gen/` from `common/wire/proto/*.proto`:
 *  - `protocol.js`: pbjs static encode/decode code (with a four-line `protocol.d.ts`);
 *  - `messages.ts`: a readonly interface per message, and the request/reply table that types sessions;
 *  - `bodies.ts`: the envelope's bodies as a table, from which the codec finds a body's encoder and decoder.
 * Run by `npm run gen`; CI runs it with `--check` and fails when the committed output differs.
 * @module
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import protobuf from 'protobufjs';

const wire = join(import.meta.dirname, '..');
const header = '// Generated from common/wire/proto by `npm run gen`. Do not edit.\n';
const numeric = new Set([
  'double',
  'float',
  'int32',
  'uint32',
  'sint32',
  'fixed32',
  'sfixed32',
  'int64',
  'uint64',
  'sint64',
  'fixed64',
  'sfixed64',
]);

const root = new protobuf.Root();
root.resolvePath = (_origin, target) => join(wire, 'proto', target);
root.loadSync('envelope.proto', { keepCase: false, alternateCommentMode: true });
root.resolveAll();
const space = root.lookup('nacre') as protobuf.Namespace;

const outputs: Record<string, string> = {
  'protocol.js': header + staticCode(),
  'protocol.d.ts': `${header}import type { Reader, Writer } from 'protobufjs/minimal.js';\nimport type { Envelope as EnvelopeMessage, Init } from './messages.ts';\nexport declare const nacre: {\n  readonly Envelope: {\n    encode(message: Init<EnvelopeMessage>, writer?: Writer): Writer;\n    decode(reader: Reader | Uint8Array, length?: number): EnvelopeMessage;\n  };\n} & Record<string, { encode(message: object, writer?: Writer): Writer; decode(reader: Reader | Uint8Array, length?: number): object }>;\n`,
  'messages.ts': header + messageTypes(),
  'bodies.ts': header + bodyTable(),
};

if (process.argv.includes('--check')) {
  const stale = Object.keys(outputs).filter(
    (name) => !existsSync(join(wire, 'gen', name)) || readFileSync(join(wire, 'gen', name), 'utf8') !== outputs[name],
  );
  if (stale.length > 0) throw new Error(`common/wire/gen is older than the .proto files (${stale.join(', ')}): run npm run gen`);
} else {
  for (const [name, text] of Object.entries(outputs)) {
    const target = join(wire, 'gen', name);
    writeFileSync(`${target}.${process.pid}`, text);
    renameSync(`${target}.${process.pid}`, target);
  }
}

function staticCode(): string {
  const scratch = mkdtempSync(join(tmpdir(), 'nacre-gen-'));
  try {
    const out = join(scratch, 'protocol.js');
    const flags = [
      '-t',
      'static-module',
      '-w',
      'es6',
      '--es6',
      '--force-number',
      '--no-create',
      '--no-verify',
      '--no-convert',
      '--no-delimited',
      '--no-typeurl',
      '--no-service',
      '--no-comments',
    ];
    execFileSync(join(wire, '../../node_modules/.bin/pbjs'), [
      ...flags,
      '-p',
      join(wire, 'proto'),
      '-o',
      out,
      join(wire, 'proto/envelope.proto'),
    ]);
    return ownDefaults(readFileSync(out, 'utf8'));
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/**
 * pbjs keeps defaults on prototypes: a decoded zero would be missing from a copy or JSON of its message. Here each
 * message is made with all its fields, which also gives every object of a type the same shape.
 */
function ownDefaults(code: string): string {
  const fields = new Map<string, string[]>();
  for (const [, name, field] of code.matchAll(/^ +(\w+)\.prototype\.(\w+) = (?!\$util\.emptyArray)/gm)) {
    if (name !== 'Envelope') fields.set(name as string, [...(fields.get(name as string) ?? []), field as string]);
  }
  return code.replaceAll(/^( +)const (\w+) = function \(properties\) \{\n/gm, (head: string, indent: string, name: string) => {
    const assignments = (fields.get(name) ?? []).map((field) => `${indent}    this.${field} = ${name}.prototype.${field};\n`);
    return head + assignments.join('');
  });
}

function messageTypes(): string {
  const lines: string[] = [];
  const pairs: string[] = [];
  const pushes: string[] = [];
  lines.push(
    '',
    '/** What an encoder takes for a `T`: fields left out have their proto3 default. */',
    'export type Init<T> = T extends Uint8Array | string | number | boolean | null ? T : T extends readonly (infer E)[] ? readonly Init<E>[] : { readonly [K in keyof T]?: Init<T[K]> | undefined };',
    '',
  );
  for (const type of space.nestedArray) if (type instanceof protobuf.Type) lines.push(...interfaceOf(type));
  const envelope = space.lookupType('Envelope');
  for (const field of envelope.oneofs['body']?.fieldsArray ?? []) {
    const [, base, role] = /^(.*?)(Request|Reply)?$/.exec(field.name) as unknown as [string, string, string | undefined];
    if (role === 'Request') pairs.push(base);
    else if (role === undefined) pushes.push(field.name);
  }
  lines.push('/** Requests by name, each with its reply. */', 'export interface Requests {');
  for (const name of pairs)
    lines.push(`  readonly ${name}: { readonly request: ${pascal(name)}Request; readonly reply: ${pascal(name)}Reply };`);
  lines.push('}', '', '/** Messages that have no answer. */', 'export interface Pushes {');
  for (const name of pushes) lines.push(`  readonly ${name}: ${pascal(name)};`);
  lines.push('}', '');
  return lines.join('\n');
}

function bodyTable(): string {
  const lines = ['', '/** Every body of the envelope: its field number, name and message type. */', 'export const bodies = ['];
  for (const field of space.lookupType('Envelope').oneofs['body']?.fieldsArray ?? [])
    lines.push(`  { field: ${field.id}, name: '${field.name}', type: '${field.resolve().resolvedType?.name ?? field.type}' },`);
  lines.push('] as const;', '');
  return lines.join('\n');
}

function interfaceOf(type: protobuf.Type): string[] {
  const lines: string[] = [];
  for (const inner of type.nestedArray) {
    if (!(inner instanceof protobuf.Enum)) throw new Error(`${type.fullName}: only enums may be nested`);
    lines.push(`export const ${type.name}${inner.name} = {`);
    for (const [name, value] of Object.entries(inner.values)) lines.push(`  ${name}: ${value},`);
    lines.push(
      '} as const;',
      `export type ${type.name}${inner.name} = (typeof ${type.name}${inner.name})[keyof typeof ${type.name}${inner.name}];`,
      '',
    );
  }
  if (type.comment) lines.push(`/** ${type.comment.replace(/\s*\n\s*/g, ' ')} */`);
  lines.push(`export interface ${type.name} {`);
  for (const field of type.fieldsArray) {
    field.resolve();
    if (field.comment) lines.push(`  /** ${field.comment.replace(/\s*\n\s*/g, ' ')} */`);
    const base = typeOf(type, field);
    const value = field.repeated ? `readonly ${base}[]` : field.resolvedType instanceof protobuf.Type ? `${base} | null` : base;
    lines.push(`  readonly ${field.name}${type.name === 'Envelope' && field.partOf ? '?' : ''}: ${value};`);
  }
  lines.push('}', '');
  return lines;
}

function typeOf(type: protobuf.Type, field: protobuf.Field): string {
  if (field.resolvedType instanceof protobuf.Enum) return `${type.name}${field.resolvedType.name}`;
  if (field.resolvedType) return field.resolvedType.name;
  if (field.type === 'bytes') return 'Uint8Array';
  if (field.type === 'bool') return 'boolean';
  return numeric.has(field.type) ? 'number' : field.type;
}

function pascal(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
