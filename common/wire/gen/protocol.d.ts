// Generated from common/wire/proto by `npm run gen`. Do not edit.
import type { Reader, Writer } from 'protobufjs/minimal.js';
import type { Envelope as EnvelopeMessage, Init } from './messages.ts';
export declare const nacre: {
  readonly Envelope: {
    encode(message: Init<EnvelopeMessage>, writer?: Writer): Writer;
    decode(reader: Reader | Uint8Array, length?: number): EnvelopeMessage;
  };
} & Record<string, { encode(message: object, writer?: Writer): Writer; decode(reader: Reader | Uint8Array, length?: number): object }>;
