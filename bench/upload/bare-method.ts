const asItIs = (bytes: Buffer): Buffer => bytes;

/** A stream of byte messages, as they are: no protobuf either way. */
export const BARE_METHODS = {
  put: {
    path: '/bare/Put',
    requestStream: true,
    responseStream: false,
    requestSerialize: asItIs,
    requestDeserialize: asItIs,
    responseSerialize: asItIs,
    responseDeserialize: asItIs,
  },
} as const;
