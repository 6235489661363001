// usage: node call.js TARGET COUNT
// Calls weft.echo.Echo/Echo COUNT times, as a proxyless client where TARGET begins with xds:///, and prints
// {"ok": N, "errors": {"code and text": N}, "names": {"who answered": N}, "total_ms": N}.
'use strict';
const grpc = require('@grpc/grpc-js');
require('@grpc/grpc-js-xds').register();

const [target, count] = [process.argv[2], Number(process.argv[3])];

// google.protobuf.StringValue with a text of less than 128 bytes: field 1, a length, the text.
const serialize = text => Buffer.from([0x0a, text.length, ...Buffer.from(text)]);
const deserialize = bytes => bytes.subarray(2).toString();
const Echo = grpc.makeClientConstructor({
  echo: {
    path: '/weft.echo.Echo/Echo', requestStream: false, responseStream: false,
    requestSerialize: serialize, requestDeserialize: deserialize,
    responseSerialize: serialize, responseDeserialize: deserialize,
  },
}, 'weft.echo.Echo');

const client = new Echo(target, grpc.credentials.createInsecure());
const seen = { ok: 0, errors: {}, names: {} };
const add = (counts, key) => { counts[key] = (counts[key] ?? 0) + 1; };
const call = () => new Promise(done => client.echo('hello', { deadline: Date.now() + 30_000 }, (error, answer) => {
  if (error) {
    add(seen.errors, `${error.code} ${error.details}`);
  } else {
    seen.ok++;
    add(seen.names, answer.split(':')[0]);
  }
  done();
}));

(async () => {
  const start = performance.now();
  for (let i = 0; i < count; i++) {
    await call();
  }
  console.log(JSON.stringify({ ...seen, total_ms: Math.round(performance.now() - start) }));
  process.exit(0);
})();
