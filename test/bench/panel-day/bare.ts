/**
 * What everything is compared with: express and one mongoose insert, nothing else, journaled like everything
 * that the app acknowledges.
 */
import express from 'express';
import mongoose from 'mongoose';

await mongoose.connect(process.env.BARE_URI!, {
  maxPoolSize: 50,
  writeConcern: { w: 'majority', journal: true },
});
const Entry = mongoose.model(
  'Entry',
  new mongoose.Schema(
    {
      seatId: { type: String, required: true },
      operationId: { type: String, required: true },
      kind: { type: String, required: true },
      criterionId: String,
      levelId: String,
      comment: String,
      device: String,
      seen: Number,
      sequence: Number,
      at: { type: Date, required: true },
    },
    { versionKey: false },
  ),
);
await Entry.createCollection();

interface Body {
  seatId: string;
  operations: { id: string; kind: string }[];
}

const app = express();
app.post('/insert', express.json(), async (request, response) => {
  const { seatId, operations } = request.body as Body;
  const { id, ...operation } = operations[0]!;
  const entry = await Entry.create({ seatId, operationId: id, ...operation, at: new Date() });
  response.json({ id: entry.id });
});
const server = app.listen(0, '127.0.0.1', () => {
  console.log(`open at http://localhost:${(server.address() as { port: number }).port}`);
});
