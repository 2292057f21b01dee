import type * as Web from 'onnxruntime-web';

/** The part of the ONNX Runtime API that both builds share. */
export type Runtime = Pick<typeof Web, 'InferenceSession' | 'Tensor'>;
export type RuntimeKind = 'native' | 'wasm';

let wasm: Promise<Runtime> | undefined;
let native: Promise<Runtime | null> | undefined;

/** WebAssembly, one thread, files from the installed package: nothing is fetched. */
async function loadWasm(): Promise<Runtime> {
  const runtime = await import('onnxruntime-web');
  runtime.env.wasm.numThreads = 1;
  runtime.env.logLevel = 'error';
  return runtime;
}

/** The native build when it is installed (`twinloop add onnx-native`), else null. */
async function loadNative(): Promise<Runtime | null> {
  // A variable, so that neither compiler nor bundler asks for the optional package.
  const name = 'onnxruntime-node';
  try {
    return (await import(name)) as Runtime;
  } catch {
    return null;
  }
}

/** Loads a runtime once a process, on first use. Native when asked for and present; WASM otherwise. */
export async function loadRuntime(
  prefer: RuntimeKind,
): Promise<{ readonly kind: RuntimeKind; readonly runtime: Runtime }> {
  if (prefer === 'native') {
    const runtime = await (native ??= loadNative());
    if (runtime !== null) return { kind: 'native', runtime };
  }
  return { kind: 'wasm', runtime: await (wasm ??= loadWasm()) };
}
