import { expect, test } from '@jest/globals';
import { readable, trackUnsent, type Unsent } from './unsent.ts';

test.each<{ name: string; does: (unsent: Unsent) => void; text: string }>([
  {
    name: 'all arrived',
    does(unsent) {
      unsent.sent('ls');
      unsent.sent('한\r');
      unsent.received(2);
      unsent.received(4);
      unsent.lost();
    },
    text: '',
  },
  {
    name: 'the connection goes while something is under way',
    does(unsent) {
      unsent.sent('a');
      unsent.sent('b');
      unsent.received(1);
      unsent.lost();
    },
    text: 'b',
  },
  {
    name: 'a piece of a paste arrived: the whole piece is named',
    does(unsent) {
      unsent.sent('\u001B[200~two\rlines\u001B[201~');
      unsent.received(3);
      unsent.lost();
    },
    text: 'two\rlines',
  },
  {
    name: 'typed into nothing, after what was under way',
    does(unsent) {
      unsent.sent('under way ');
      unsent.lost();
      unsent.missed('missed\r');
    },
    text: 'under way missed\r',
  },
  {
    name: 'arrow keys, mouse and focus are not text',
    does(unsent) {
      for (const key of ['\u001B[A', '\u001B[<0;1;1M', '\u001B[I', 'x']) unsent.missed(key);
    },
    text: 'x',
  },
  {
    name: 'forgotten',
    does(unsent) {
      unsent.missed('old');
      unsent.forget();
      unsent.missed('new');
    },
    text: 'new',
  },
  { name: 'no more than a screen of it', does: (unsent) => unsent.missed('x'.repeat(9_000)), text: 'x'.repeat(4_000) },
])('unsent: $name', ({ does, text }) => {
  const unsent = trackUnsent(() => 0);
  does(unsent);
  expect(unsent.text).toBe(text);
});

test('how long an answer is awaited', () => {
  let now = 10;
  const unsent = trackUnsent(() => now);
  expect(unsent.waitingSince()).toBeUndefined();
  unsent.sent('ab');
  now = 20;
  unsent.sent('c');
  expect(unsent.waitingSince()).toBe(10);
  unsent.received(1);
  expect(unsent.waitingSince()).toBe(20);
  unsent.received(2);
  expect(unsent.waitingSince()).toBeUndefined();
});

test.each([
  { text: 'kubectl get pods\r', most: 40, shown: 'kubectl get pods⏎' },
  { text: '\u0003\u007F\t한글', most: 40, shown: '␃␡␉한글' },
  { text: 'abcdef', most: 3, shown: 'abc…' },
])('readable: $shown', ({ text, most, shown }) => {
  expect(readable(text, most)).toBe(shown);
});
