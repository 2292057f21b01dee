// cephes 3.3 ships index.d.ts but its `exports` map hides it from NodeNext resolution.
declare module 'cephes' {
  const cephes: {
    readonly compiled: Promise<void>;
    ndtr(x: number): number;
    ndtri(p: number): number;
    lgam(x: number): number;
    incbet(a: number, b: number, x: number): number;
    igam(a: number, x: number): number;
    igamc(a: number, x: number): number;
  };
  export default cephes;
}
