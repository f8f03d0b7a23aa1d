import { SextantError, unlessAborted } from '#errors';
import type {
  ConversionServiceImplementation,
  ConvertHeader,
  ConvertRequest,
} from '#proto/sextant/v1/conversion';
import type { CallInfo } from '#rpc';
import type { Store } from '#store';
import type { Conversion } from './conversion.ts';
import { asNifti, keepVolumes, storedFileRequests } from './kept-volumes.ts';
import { peerAddress } from './peer.ts';

export function conversionService({
  store,
  conversion,
}: {
  store: Store;
  conversion: Conversion;
}): ConversionServiceImplementation<CallInfo> {
  return {
    async *convert(requests, { peer, signal, requestId, leftMs }) {
      const call = { signal, requestId, leftMs };
      const { header, rest } = await headerOf(requests, signal);
      const source = await sourceOf(header, rest, store);
      if (!header.keep) return yield* conversion.convert(source, call);
      const keeping = { ...call, store, conversion, peer: peerAddress(peer) };
      for await (const told of keepVolumes(source, keeping)) {
        yield 'made' in told ? { event: { $case: 'volume', value: told.volume } } : told;
      }
    },
  };
}

async function headerOf(
  requests: AsyncIterable<ConvertRequest>,
  signal: AbortSignal,
): Promise<{ header: ConvertHeader; rest: AsyncIterable<ConvertRequest> }> {
  const iterator = requests[Symbol.asyncIterator]();
  const first = await unlessAborted(iterator.next(), signal);
  if (!first.done && first.value.part?.$case === 'header') {
    const rest = { [Symbol.asyncIterator]: () => iterator };
    return { header: first.value.part.value, rest };
  }
  throw new SextantError('ARGUMENT_INVALID', {
    subject: 'header',
    got: first.done ? 'no message' : (first.value.part?.$case ?? 'an empty message'),
    expected: 'the header as the first message',
  });
}

/** What the conversion service gets: a stored file in the place of its receipt, or the caller's files. */
async function sourceOf(
  header: ConvertHeader,
  rest: AsyncIterable<ConvertRequest>,
  store: Store,
): Promise<AsyncIterable<ConvertRequest>> {
  const sent = header.keep ? asNifti(header) : { ...header, receipt: '', keep: false };
  if (header.receipt === '') return withHeader(sent, rest);
  const volumeId = await store.openReceipt(header.receipt);
  return storedFileRequests(store, volumeId, sent);
}

async function* withHeader(
  header: ConvertHeader,
  rest: AsyncIterable<ConvertRequest>,
): AsyncGenerator<ConvertRequest, void> {
  yield { part: { $case: 'header', value: header } };
  yield* rest;
}
