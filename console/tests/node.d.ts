// The little of Node that tests use; its own types would change those of timers in the whole console.
declare module "node:v8" {
  export function setFlagsFromString(flags: string): void;
}
declare module "node:vm" {
  export function runInNewContext(code: string): () => void;
}
declare const process: {
  memoryUsage(): { heapUsed: number };
  stdout: { write(text: string): void };
};
