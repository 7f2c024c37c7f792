import assert from 'node:assert/strict';
import test from 'node:test';

import { inTwoRows } from '../../static/front/labels.js';

const measure = (text) => 6 * text.length;
const even = (texts, width) => ({
  middles: texts.map((_, i) => ((i + 0.5) * width) / texts.length),
  rooms: texts.map(() => width / texts.length),
});

test('names that have room stand whole, in one row, each below the middle of its bar', () => {
  const names = ['sunshine', 'cloudy', 'rainfall'];
  const { middles, rooms } = even(names, 300);
  const placed = inTwoRows(names, middles, rooms, 300, measure);
  assert.deepEqual(
    placed.map(({ text, middle }) => [text, middle]),
    names.map((name, i) => [name, middles[i]]),
  );
  assert.equal(new Set(placed.map(({ drop }) => drop)).size, 1);
});

test('names wider than their bars take a second row before any is cut', () => {
  const names = ['sunshine', 'cloudy', 'rainfall', 'snowfall', 'thunder'];
  const { middles, rooms } = even(names, 160);
  const placed = inTwoRows(names, middles, rooms, 160, measure);
  assert.deepEqual(
    placed.map(({ text }) => text),
    names,
  );
  assert.equal(new Set(placed.map(({ drop }) => drop)).size, 2);
});

test('no name overlaps another of its row, leaves the picture, or loses its bar', () => {
  const names = Array.from({ length: 10 }, (_, i) => 'a name that is long'.slice(0, 3 + ((7 * i) % 17)));
  for (const width of [90, 200, 284, 400, 760]) {
    const { middles, rooms } = even(names, width);
    const placed = inTwoRows(names, middles, rooms, width, measure).filter(({ text }) => text);
    assert.ok(placed.length > 0);
    const ends = {};
    for (const { text, middle, drop } of placed) {
      const half = measure(text) / 2;
      assert.ok(middle - half >= (ends[drop] ?? 0) && middle + half <= width, `${text} at ${width}`);
      ends[drop] = middle + half;
    }
  }
});

test('a name for which no row has room is cut to its bar, or left out below one letter', () => {
  const [, , cut] = inTwoRows(
    ['wide name', 'wide name', 'wide name'],
    [30, 35, 64],
    [60, 5, 36],
    300,
    measure,
  );
  assert.equal(cut.text, 'wide …');
  const [, , none] = inTwoRows(
    ['wide name', 'wide name', 'wide name'],
    [30, 35, 40],
    [60, 5, 5],
    300,
    measure,
  );
  assert.equal(none.text, '');
});
