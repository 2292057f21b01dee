import { expect, test } from 'vitest';
import { answerInWords, asPython, inferBody, inputsOf } from './request.js';

const inputs = inputsOf(
  [
    { name: 'hr', datatype: 'FP64', example: 12 },
    { name: 'city', datatype: 'BYTES', example: 'ORD' },
    { name: 'made', datatype: 'FP64', example: 0.5 },
  ],
  [
    { name: 'hr', type: 'number', missing: 0, distinct: 24, sample: ['17', '18'] },
    { name: 'city', type: 'string', missing: 0, distinct: 2, sample: ['O’Hare "x"'] },
  ],
);

test('each input carries a value of the table; one that the table does not have is the server’s example', () => {
  expect(inputs.map(i => i.value)).toEqual(['17', 'O’Hare "x"', '0.5']);
});

test('a decimal comma is sent as a number, and a time as the milliseconds that the server names', () => {
  const [temp, at] = inputsOf(
    [
      { name: 'temp', datatype: 'FP64', example: 20 },
      { name: 'at', datatype: 'FP64', example: 1751094900000 },
    ],
    [
      { name: 'temp', type: 'number', missing: 0, distinct: 9, sample: ['1.060,3'] },
      { name: 'at', type: 'time', missing: 0, distinct: 9, sample: ['2025-01-01 00:15'] },
    ],
    ',',
  );
  expect(inferBody([temp!, at!]).inputs).toMatchObject([{ data: [1060.3] }, { data: [1751094900000] }]);
});

test('numbers are sent as numbers, an empty one as missing, texts as they are', () => {
  const changed = inputs.map(i => (i.name === 'made' ? { ...i, value: ' ' } : i));
  expect(inferBody(changed).inputs).toEqual([
    { name: 'hr', shape: [1], datatype: 'FP64', data: [17] },
    { name: 'city', shape: [1], datatype: 'BYTES', data: ['O’Hare "x"'] },
    { name: 'made', shape: [1], datatype: 'FP64', data: [null] },
  ]);
});

test('the Python lines hold the same body as a JSON text, so that null and quotes need no translation', () => {
  const [, body] = asPython('http://h/p/x/v2/models/y/infer', inputs).split('\n');
  const literal = body!.replace(/^body = /, '');
  // A JSON string is a Python string, too.
  expect(JSON.parse(JSON.parse(literal) as string)).toEqual(inferBody(inputs));
});

test('the answer is said in words, with five digits', () => {
  expect(
    answerInWords({
      model_name: 'm',
      outputs: [
        { name: 'prediction', data: [183.412345] },
        { name: 'label', data: ['yes'] },
      ],
    }),
  ).toBe('prediction 183.41 · label yes');
});

test('of several classes it names the likeliest, and how likely it is', () => {
  const outputs = [
    { name: 'probabilities', data: [0.17781, 0.29397, 0.528221] },
    { name: 'class', data: ['worn'] },
  ];
  expect(answerInWords({ model_name: 'm', outputs })).toBe('worn, probability 0.52822 of 3 classes');
});
