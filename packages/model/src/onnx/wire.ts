import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** The few messages of onnx.proto3 (ONNX IR version 8) that our graphs use, written field by field. */

export const ELEMENT = { float: 1, int64: 7, double: 11 } as const;

export interface Tensor {
  readonly name: string;
  readonly type: 'int64' | 'double';
  readonly dims: readonly number[];
  readonly values: readonly number[];
}

export type Attribute =
  | { readonly name: string; readonly int: number }
  | { readonly name: string; readonly text: string }
  | { readonly name: string; readonly ints: readonly number[] }
  | { readonly name: string; readonly texts: readonly string[] }
  | { readonly name: string; readonly tensor: Tensor };

export interface GraphNode {
  readonly type: string;
  readonly domain?: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: readonly Attribute[];
}

export interface ValueInfo {
  readonly name: string;
  /** Of doubles; a text is a free dimension. */
  readonly dims: readonly (number | string)[];
}

export interface Graph {
  readonly name: string;
  readonly nodes: readonly GraphNode[];
  readonly initializers: readonly Tensor[];
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
}

function message(writer: BinaryWriter, field: number, write: (inner: BinaryWriter) => void): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  write(writer);
  writer.join();
}

function text(writer: BinaryWriter, field: number, value: string): void {
  writer.tag(field, WireType.LengthDelimited).string(value);
}

function integer(writer: BinaryWriter, field: number, value: number): void {
  writer.tag(field, WireType.Varint).int64(value);
}

/** Raw little-endian bytes, as `raw_data` wants them on every machine. */
function rawData(tensor: Tensor): Uint8Array {
  const bytes = new Uint8Array(8 * tensor.values.length);
  const view = new DataView(bytes.buffer);
  tensor.values.forEach((value, i) => {
    if (tensor.type === 'double') view.setFloat64(8 * i, value, true);
    else view.setBigInt64(8 * i, BigInt(value), true);
  });
  return bytes;
}

function writeTensor(writer: BinaryWriter, tensor: Tensor): void {
  for (const dim of tensor.dims) integer(writer, 1, dim);
  integer(writer, 2, ELEMENT[tensor.type]);
  text(writer, 8, tensor.name);
  writer.tag(9, WireType.LengthDelimited).bytes(rawData(tensor));
}

function writeAttribute(writer: BinaryWriter, attribute: Attribute): void {
  text(writer, 1, attribute.name);
  const type = (kind: number): void => integer(writer, 20, kind);
  if ('int' in attribute) {
    integer(writer, 3, attribute.int);
    type(2);
  } else if ('text' in attribute) {
    text(writer, 4, attribute.text);
    type(3);
  } else if ('tensor' in attribute) {
    message(writer, 5, inner => writeTensor(inner, attribute.tensor));
    type(4);
  } else if ('ints' in attribute) {
    for (const value of attribute.ints) integer(writer, 8, value);
    type(7);
  } else {
    for (const value of attribute.texts) text(writer, 9, value);
    type(8);
  }
}

function writeNode(writer: BinaryWriter, node: GraphNode): void {
  for (const name of node.inputs) text(writer, 1, name);
  for (const name of node.outputs) text(writer, 2, name);
  text(writer, 4, node.type);
  for (const attribute of node.attributes ?? [])
    message(writer, 5, inner => writeAttribute(inner, attribute));
  if (node.domain !== undefined) text(writer, 7, node.domain);
}

function writeValueInfo(writer: BinaryWriter, info: ValueInfo): void {
  text(writer, 1, info.name);
  message(writer, 2, type =>
    message(type, 1, tensor => {
      integer(tensor, 1, ELEMENT.double);
      message(tensor, 2, shape => {
        for (const dim of info.dims) {
          message(shape, 1, inner => {
            if (typeof dim === 'number') integer(inner, 1, dim);
            else text(inner, 2, dim);
          });
        }
      });
    }),
  );
}

function writeGraph(writer: BinaryWriter, graph: Graph): void {
  for (const node of graph.nodes) message(writer, 1, inner => writeNode(inner, node));
  text(writer, 2, graph.name);
  for (const tensor of graph.initializers) message(writer, 5, inner => writeTensor(inner, tensor));
  for (const info of graph.inputs) message(writer, 11, inner => writeValueInfo(inner, info));
  for (const info of graph.outputs) message(writer, 12, inner => writeValueInfo(inner, info));
}

/** A whole model file: IR 8, operator sets ai.onnx 17 and ai.onnx.ml 3. */
export function writeModel(graph: Graph): Uint8Array {
  const writer = new BinaryWriter();
  integer(writer, 1, 8);
  text(writer, 2, 'twinloop');
  message(writer, 7, inner => writeGraph(inner, graph));
  for (const [domain, version] of [
    ['', 17],
    ['ai.onnx.ml', 3],
  ] as const) {
    message(writer, 8, inner => {
      text(inner, 1, domain);
      integer(inner, 2, version);
    });
  }
  return writer.finish();
}
