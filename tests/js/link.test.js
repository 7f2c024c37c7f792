import assert from 'node:assert/strict';
import test from 'node:test';

import { isOnlyHere, readLink, writeLink } from '../../static/front/link.js';

const PARAMETERS = ['p', 'labels', 'locked', 'temperature', 'unit'].map((name) => ({ name }));
const RESERVED = ['explorer', 'embed', 'theme'];
const SPEC = { parameters: PARAMETERS, reserved: RESERVED };
const STATE = { p: [0.5, 0.3, 0.2], labels: ['a', 'b', 'c d'], locked: [], temperature: 1, unit: 'bits' };

test('known keys come in the order in which they build on each other, then the unknown ones', () => {
  const asked = readLink({ search: '?x=1&unit=nats&labels=a,b&p=1,0', hash: '' }, SPEC);
  assert.deepEqual(asked, [
    ['p', '1,0'],
    ['labels', 'a,b'],
    ['unit', 'nats'],
    ['x', '1'],
  ]);
});

test('a fragment wins over a query, an empty one does not', () => {
  assert.deepEqual(readLink({ search: '?unit=bits', hash: '#unit=nats' }, SPEC), [['unit', 'nats']]);
  assert.deepEqual(readLink({ search: '?unit=bits', hash: '#' }, SPEC), [['unit', 'bits']]);
});

test('reserved keys are no changes of the state', () => {
  const search = `?${RESERVED.map((key) => `${key}=1`).join('&')}`;
  assert.deepEqual(readLink({ search, hash: '' }, SPEC), []);
});

test('of a key that is given twice the first counts', () => {
  assert.deepEqual(readLink({ search: '?unit=nats&unit=bits', hash: '' }, SPEC), [['unit', 'nats']]);
});

test('a state is written with readable commas and without what is empty', () => {
  const query = writeLink('', SPEC, STATE);
  assert.equal(query, 'p=0.5,0.3,0.2&labels=a,b,c+d&temperature=1&unit=bits');
});

test('writing keeps the reserved keys and drops the others', () => {
  const query = writeLink('embed=1&unit=nats&junk=2&theme=dark', SPEC, STATE);
  assert.ok(query.startsWith('embed=1&theme=dark&p='));
  assert.ok(!query.includes('junk'));
});

test('what is written is read back exactly, to the last digit', () => {
  const awkward = { ...STATE, p: [1 / 3, 0.1 + 0.2, 5e-324], labels: ['ä&=', '#', '%2C+'] };
  const read = Object.fromEntries(readLink({ search: '', hash: `#${writeLink('', SPEC, awkward)}` }, SPEC));
  assert.deepEqual(read.p.split(',').map(Number), awkward.p);
  assert.deepEqual(read.labels.split(','), awkward.labels);
});

test('a page on this computer, or a file, is said to open nowhere else', () => {
  for (const url of ['http://127.0.0.1:5006/kl', 'http://localhost/', 'http://[::1]:80/', 'file:///a.html']) {
    assert.equal(isOnlyHere(new URL(url)), true, url);
  }
  for (const url of ['https://bits.example/kl', 'http://192.168.1.7/', 'http://localhost.example/']) {
    assert.equal(isOnlyHere(new URL(url)), false, url);
  }
});
