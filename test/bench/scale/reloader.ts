/** One person who reloads one page as fast as it comes, in a process of its own. Ends when it is told to. */
interface Order {
  url: string;
  cookie: string;
}

process.once('message', (order: Order) => void reload(order));

async function reload({ url, cookie }: Order): Promise<void> {
  const times: number[] = [];
  let going = true;
  process.once('message', () => (going = false));
  while (going) {
    const began = performance.now();
    const reply = await fetch(url, { headers: { Accept: 'text/html', Cookie: cookie }, redirect: 'manual' });
    await reply.arrayBuffer();
    if (reply.status !== 200) throw new Error(`${url}: ${reply.status}`);
    times.push(performance.now() - began);
  }
  process.send!(times);
  process.disconnect();
}
