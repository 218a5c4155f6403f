/** After all tests: stops what start-services.mjs started and removes its folder. */
export default async function stopServices() {
  await globalThis.stopVitrineServices?.();
}
