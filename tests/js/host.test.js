import assert from 'node:assert/strict';
import test from 'node:test';

import { addressOf, queryOf, roomFor } from '../../static/host/attributes.js';
import { saidBy, shadeOf, themeOf } from '../../static/host/theme.js';

/** @param {Record<string, string>} named */
const attributes = (named) => Object.entries(named).map(([name, value]) => ({ name, value }));
const NONE = { dataset: {}, classList: [] };

test('attributes are keys of the address, but for those of the element and of HTML', () => {
  const own = { name: 'kl', theme: 'dark', height: '400', class: 'wide', id: 'x', style: 'color:red' };
  const others = { 'data-x': '1', 'aria-label': 'y', _ngcontent: '' };
  const query = queryOf(attributes({ mu_p: '0', ...own, p: '0.5,0.5', ...others, view: 'figure' }));
  assert.equal(query, 'mu_p=0&p=0.5,0.5&view=figure');
  assert.equal(queryOf(attributes({ labels: 'a&b=c,#d' })), 'labels=a%26b%3Dc,%23d');
});

test('a page lies beside the script, whatever the post has as its address', () => {
  const script = 'https://blog.example/a/bits.js?v=2#x';
  const page = addressOf(script, 'kl', { embed: '1' }, 'mu_p=0');
  assert.equal(page, 'https://blog.example/a/kl.html#embed=1&mu_p=0');
  assert.equal(addressOf(script, '../x', { embed: '1' }, ''), 'https://blog.example/a/..%2Fx.html#embed=1');
});

test('the room is what an author gives, or what a view needs', () => {
  assert.equal(roomFor({ height: '640', view: null, controls: null }), 640);
  for (const height of [null, '', 'tall', '20', '-900']) {
    assert.equal(roomFor({ height, view: null, controls: null }), 1000);
    assert.equal(roomFor({ height, view: 'figure', controls: '' }), 440);
    assert.equal(roomFor({ height, view: 'figure', controls: 'mu_q' }), 500);
  }
});

test('the usual themes for blogs say dark and light in their own ways', () => {
  const data = {
    dark: [{ theme: 'dark' }, { mode: 'dark' }, { mdColorScheme: 'slate' }, { theme: 'auto', mode: 'dark' }],
    light: [{ bsTheme: 'light' }, { mdColorScheme: 'default' }, { colorMode: 'light' }],
    null: [{ theme: 'auto' }, { theme: 'cupcake' }, { theme: 'darkly' }, { colorMode: 'auto' }, {}],
  };
  for (const [theme, all] of Object.entries(data)) {
    for (const dataset of all)
      assert.equal(String(saidBy({ ...NONE, dataset })), theme, JSON.stringify(dataset));
  }
  const classes = {
    dark: 'dark',
    light: 'light',
    'dark-mode': 'dark',
    'theme-light': 'light',
    darkroom: null,
  };
  for (const [name, theme] of Object.entries(classes)) {
    assert.equal(saidBy({ ...NONE, classList: ['post', name] }), theme, name);
  }
});

test('a ground is dark or light in every way that a browser writes a colour, and may be seen through', () => {
  const colours = {
    dark: [
      'rgb(20, 23, 26)',
      'rgb(0, 0, 255)',
      'rgba(0, 0, 0, 0.9)',
      'oklch(0.2 0.02 250)',
      'lab(20 0 0)',
      'color(display-p3 0.05 0.05 0.06)',
    ],
    light: ['rgb(255, 255, 255)', 'rgb(255, 255, 0)', 'color(srgb 1 1 1)', 'oklab(0.95 0 0)'],
    null: ['rgba(0, 0, 0, 0)', 'color(srgb 0.1 0.1 0.1 / 0.2)', 'lch(90 5 100 / 0.1)', 'transparent', ''],
  };
  for (const [shade, all] of Object.entries(colours)) {
    for (const colour of all) assert.equal(String(shadeOf(colour)), shade, colour);
  }
});

test('without a ground a page is light, unless it lets itself be dark', () => {
  for (const isSystemDark of [true, false]) {
    for (const schemes of ['normal', '', 'light']) assert.equal(themeOf(schemes, isSystemDark), 'light');
    assert.equal(themeOf('only dark', isSystemDark), 'dark');
    assert.equal(themeOf('light dark', isSystemDark), isSystemDark ? 'dark' : 'light');
  }
});
