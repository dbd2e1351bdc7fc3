/** Returns a serializer that also accepts responses that are already encoded. */
export const acceptEncoded =
  <Message>(serialize: (message: Message) => Buffer) =>
  (message: Message | Buffer): Buffer =>
    Buffer.isBuffer(message) ? message : serialize(message);
