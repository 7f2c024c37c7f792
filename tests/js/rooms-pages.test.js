// A teacher's and a student's page, with a server that the test speaks for.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';

import { Student } from '../../static/rooms/student.js';
import { Teacher } from '../../static/rooms/teacher.js';
import { button, errors, isShown, kept, openPage, SPEC, Stream, settle, write } from './room_page.mjs';

const ROOM = { code: 'KX7M2P', key: 'secret', ends: Date.now() / 1000 + 3600 };
const HERE = { followers: 0, seq: 1, slug: 'kl', query: 'mu_q=3', question: null, rounds: [] };
const ASKED = {
  ...{ id: 1, round: 1, text: 'Why?', kind: 'choice', options: ['it falls', 'it grows'] },
  ...{ truth: null, near: 0, unit: '', open: true, revealed: false },
};
const NUMBER = { ...ASKED, kind: 'number', options: [], unit: 'nats' };

beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
afterEach(() => {
  mock.timers.reset();
  assert.deepEqual(errors.splice(0), []);
});

/** Teach on a page; what the server answers may change while the test goes on. */
async function teach(given = {}) {
  const page = openPage({ tab: { teaches: ROOM }, answers: () => [200, { ...HERE, ...page.now }], ...given });
  page.teacher = new Teacher(SPEC, page.engine, (changes) => page.moved.push(...changes), page.show);
  await settle();
  page.look = async (now) => {
    page.now = now;
    await page.teacher.look();
  };
  return page;
}

function asksBeforeLeaving({ window }) {
  const leaving = new Event('beforeunload', { cancelable: true });
  window.dispatchEvent(leaving);
  return leaving.defaultPrevented;
}

const told = ({ asked }, what) => asked.filter((one) => one.what.endsWith(what)).map((one) => one.told);

test('who opens a room leads it from this tab, and its key lies on the computer, too', async () => {
  const page = await teach({
    tab: {},
    answers: ({ what }) => (what === 'POST /rooms' ? [201, ROOM] : [200, HERE]),
  });
  assert.deepEqual(page.asked, []);
  button('Open a room').click();
  await settle();
  assert.deepEqual(told(page, '/rooms'), [{ slug: 'kl', query: '' }]);
  assert.deepEqual(kept('taught'), [null, [ROOM]]);
  assert.deepEqual(kept('teaches'), [ROOM, null]);
  assert.equal(document.querySelector('.room .code').textContent, 'Room KX7M2P');
  assert.ok(!isShown(button('Open a room')));
});

test('a new tab offers to go on, comes to where the room is, and moves nobody', async () => {
  const page = await teach({ tab: {}, computer: { taught: [ROOM] } });
  assert.deepEqual(kept('teaches'), [null, null]); // it is offered, no more
  button('Go on with room KX7M2P').click();
  await settle();
  assert.deepEqual(page.moved, [
    ['reset', null],
    ['mu_q', '3'],
  ]);
  assert.deepEqual(told(page, '/state'), []);
  assert.deepEqual(kept('teaches')[0], ROOM);
  page.engine.frame.state = { mu_q: 4, unit: 'bits' };
  page.teacher.moved();
  await settle();
  assert.deepEqual(told(page, '/state'), [{ slug: 'kl', query: 'mu_q=4' }]);
  assert.ok(page.asked.every(({ headers }) => headers.authorization === 'Bearer secret'));
});

test('a room that is over is forgotten, one that cannot be reached is not', async () => {
  const over = [404, { error: 'There is no room with this code.' }];
  for (const [answer, left] of [
    [over, null],
    [[0], [ROOM]],
    [[404], [ROOM]],
    [[503, {}], [ROOM]],
  ]) {
    await teach({ tab: {}, computer: { taught: [ROOM] }, answers: () => answer });
    assert.ok(!button('Go on with room KX7M2P'), String(answer));
    assert.deepEqual(kept('taught')[1], left);
  }
  await teach({ tab: {}, computer: { taught: [{ ...ROOM, ends: 1 }, null, 'x'] } });
  assert.ok(!button('Go on with room KX7M2P')); // nor is what was never a room
});

test('“Close room” forgets it, in the tab and on the computer, with its offer', async () => {
  const page = await teach({ answers: ({ what }) => (what.startsWith('DELETE') ? [204] : [200, HERE]) });
  assert.deepEqual(kept('taught')[1], [ROOM]);
  page.window.confirm = () => true;
  button('Close room').click();
  await settle();
  assert.equal(page.asked.at(-1).what, 'DELETE /rooms/KX7M2P');
  assert.deepEqual([...kept('taught'), ...kept('teaches')], [null, null, null, null]);
  assert.ok(isShown(button('Open a room')));
  assert.ok(!button('Go on with room KX7M2P'));
});

test('nobody looks for a room that is being closed, and one that cannot be closed is led on', async () => {
  const page = await teach({ answers: ({ what }) => (what.startsWith('DELETE') ? page.end : [200, HERE]) });
  page.window.confirm = () => true;
  const looks = page.asked.length;
  page.end = [503, { error: 'Rooms cannot be reached just now.' }];
  button('Close room').click();
  mock.timers.tick(2000); // who has thought it over for that long
  await settle();
  assert.match(document.querySelector('.room .away').textContent, /cannot be reached/);
  assert.equal(page.asked.length, looks + 1);
  mock.timers.tick(2000);
  await settle();
  assert.equal(page.asked.at(-1).what, 'GET /rooms/KX7M2P');
  page.end = [404, { error: 'There is no room with this code.' }];
  button('Close room').click();
  await settle();
  assert.match(document.querySelector('.room').textContent, /Room KX7M2P is over\./);
});

test('the browser asks before a tab is left that somebody follows, not where the lesson goes on', async () => {
  const page = await teach();
  assert.ok(!asksBeforeLeaving(page));
  await page.look({ followers: 2 });
  assert.ok(asksBeforeLeaving(page));
  const [chapter, elsewhere] = document.querySelectorAll('nav a');
  for (const link of [chapter, elsewhere]) link.addEventListener('click', (event) => event.preventDefault());
  elsewhere.click();
  assert.ok(asksBeforeLeaving(page));
  const later = performance.now() + 1001;
  chapter.click();
  assert.ok(!asksBeforeLeaving(page));
  const clock = mock.method(performance, 'now', () => later + 1000);
  assert.ok(asksBeforeLeaving(page)); // the link did not lead away
  page.window.dispatchEvent(new Event('reloads')); // as reconnect.js does
  assert.ok(!asksBeforeLeaving(page));
  clock.mock.mockImplementation(() => later + 2001);
  const shadow = document.querySelector('nav').attachShadow({ mode: 'open' });
  shadow.innerHTML = '<a href="kl.html"><b>KL</b></a>';
  shadow.firstChild.addEventListener('click', (event) => event.preventDefault());
  assert.ok(asksBeforeLeaving(page));
  shadow.querySelector('b').click();
  assert.ok(!asksBeforeLeaving(page));
  clock.mock.restore();
  await page.look({ followers: 0 });
  assert.ok(!asksBeforeLeaving(page));
  await page.look({ followers: 1 });
  page.teacher.end('');
  assert.ok(!asksBeforeLeaving(page));
});

test('which choice is right is asked when it is shown, where nobody has said', async () => {
  const page = await teach();
  await page.look({ question: ASKED, rounds: [{ round: 1, counts: [1, 2], total: 3 }] });
  button('Ask the room').click();
  button('Show the answer').click();
  assert.deepEqual(told(page, '/reveal'), []);
  assert.ok(!isShown(button('Stop answers')));
  button('Not yet').click();
  assert.ok(isShown(button('Stop answers')));
  button('Show the answer').click();
  button('B').click();
  await settle();
  assert.deepEqual(told(page, '/reveal'), [{ id: 1, round: 1, truth: 1 }]);
  button('Show the answer').click();
  button('Show without one').click();
  await settle();
  assert.deepEqual(told(page, '/reveal').at(-1), { id: 1, round: 1 });
  await page.look({ question: { ...ASKED, truth: 0 }, rounds: [{ round: 1, counts: [1, 2], total: 3 }] });
  button('Show the answer').click();
  await settle();
  assert.deepEqual(told(page, '/reveal').at(-1), { id: 1, round: 1 });
  assert.ok(!isShown(button('Show without one')));
});

test('what is chosen for one question settles no other that another tab has asked', async () => {
  const refused = [409, { error: 'Another question has been asked meanwhile.' }];
  const page = await teach({
    answers: ({ what }) => (what.endsWith('/reveal') ? refused : [200, { ...HERE, ...page.now }]),
  });
  const rounds = [{ round: 1, counts: [1, 2], total: 3 }];
  await page.look({ question: ASKED, rounds });
  button('Ask the room').click();
  button('Show the answer').click();
  page.now = { question: { ...ASKED, id: 2, text: 'And now?' }, rounds };
  button('B').click();
  await settle();
  assert.deepEqual(told(page, '/reveal'), [{ id: 1, round: 1, truth: 1 }]);
  assert.match(document.querySelector('.room').textContent, /Another question has been asked meanwhile\./);
  assert.equal(document.querySelector('.question-text').textContent, 'And now?'); // the page has looked
  assert.ok(!isShown(button('Show without one')));
});

test('a right number that cannot be read is not shown to anybody', async () => {
  const page = await teach();
  await page.look({ question: NUMBER, rounds: [{ round: 1, values: { 2: 1 }, total: 1 }] });
  button('Ask the room').click();
  button('Show the answer').click();
  const field = document.querySelector('.result input');
  write(field, '2 bits');
  button('Show').click();
  await settle();
  assert.deepEqual(told(page, '/reveal'), []);
  assert.match(document.querySelector('.result').textContent, /This is asked in nats, not in bits\./);
  write(field, '2½ nats');
  button('Show').click();
  await settle();
  assert.deepEqual(told(page, '/reveal'), [{ id: 1, round: 1, truth: 2.5 }]);
});

test('a task is asked with its answer, how near counts, and its unit; a question of one’s own with none', async () => {
  const page = await teach();
  button('Ask the room').click();
  button('Ask this task').click();
  await settle();
  const draft = { kind: 'number', options: [], truth: 2, near: 0.01, unit: 'nats' };
  assert.deepEqual(told(page, '/question'), [{ text: 'How much is it? (in nats)', ...draft }]);
  const [text, lines] = document.querySelectorAll('.draft textarea');
  write(text, 'Which way?');
  write(lines, 'up\ndown');
  button('Ask').click();
  await settle();
  const own = { kind: 'choice', options: ['up', 'down'], truth: null, near: 0, unit: '' };
  assert.deepEqual(told(page, '/question').at(-1), { text: 'Which way?', ...own });
  for (const [asks, unit] of [
    ['How much?', ''], // that the page stands in bits no student sees
    ['How many nats?', 'nats'],
    ['Bits or nats?', ''],
  ]) {
    write(text, asks);
    document.querySelectorAll('.draft [type=radio]')[1].click();
    button('Ask').click();
    await settle();
    assert.equal(told(page, '/question').at(-1).unit, unit, asks);
  }
});

test('only what the server itself says ends a room', async () => {
  const page = await teach({ answers: () => page.answer ?? [200, HERE] });
  page.answer = [404, null];
  await page.look({});
  assert.ok(page.teacher.room);
  page.answer = [404, { error: 'There is no room with this code.' }];
  await page.look({});
  assert.equal(page.teacher.room, null);
  assert.match(document.querySelector('.room').textContent, /Room KX7M2P is over\./);
});

/** Follow on a page, with what the server says to answers, one after another. */
function follow(given = {}) {
  const answers = [...(given.answers ?? [])];
  const page = openPage({ ...given, answers: () => answers.shift() ?? [204] });
  page.student = new Student(ROOM.code, SPEC, page.engine, (changes) => page.engine.send(changes));
  page.engine.send = wrapped(page);
  Stream.last.tell('ticket', { ticket: 'a.b' });
  page.tell = (question, more) =>
    Stream.last.tell('room', { seq: 1, slug: 'kl', query: '', question, ...more });
  page.card = () => document.querySelector('.question').textContent;
  return page;
}

/** The engine's send, which the student watches. */
function wrapped({ engine, moved }) {
  const watched = engine.send;
  return (changes) => {
    moved.push(...changes);
    watched(changes);
  };
}

test('who follows is where the teacher is, until the own hand moves the page, and then again', () => {
  const page = follow();
  page.tell(null, { query: 'mu_q=3' });
  assert.deepEqual(page.moved.splice(0), [
    ['reset', null],
    ['mu_q', '3'],
  ]);
  assert.ok(page.student.follows());
  page.engine.send([['mu_q', 5]]);
  assert.ok(!page.student.follows());
  page.moved.length = 0;
  page.tell(null, { query: 'mu_q=4' });
  assert.deepEqual(page.moved, []);
  button('Follow again').click();
  assert.deepEqual(page.moved.at(-1), ['mu_q', '4']);
  page.student.end('over');
  assert.ok(!page.student.follows());
});

test('an answer is sent until it is known whether it counted, and what counted is what is shown', async () => {
  const page = follow({
    answers: [[0], [503, { error: 'Not now.' }], [409, { error: 'Twice.', answer: 0 }]],
  });
  page.tell(ASKED);
  [...document.querySelectorAll('.options button')][1].click();
  await settle();
  assert.match(page.card(), /on its way/);
  for (let i = 0; i < 2; i += 1) {
    mock.timers.tick(16_000);
    await settle();
  }
  assert.deepEqual(told(page, '/answers'), Array(3).fill({ ticket: 'a.b', id: 1, round: 1, answer: 1 }));
  assert.match(page.card(), /Twice\. Your answer is in: A, it falls\./);
  assert.deepEqual(kept('follows')[1].KX7M2P.answers, { '1:1': 0 });
  page.student.end('over');
});

test('a number that is half written is there at the next chapter, until it is sent or the question is gone', async () => {
  const typing = { round: 'KX7M2P:1:1', text: '1,' };
  let page = follow();
  page.tell(NUMBER);
  write(document.querySelector('.options input'), '1,');
  assert.deepEqual(kept('answers'), [typing, null]);
  page.student.end('gone');

  page = follow({ tab: { answers: typing } });
  page.tell(NUMBER);
  const field = document.querySelector('.options input');
  assert.equal(field.value, '1,');
  write(field, '1,5 bits');
  button('Send').click();
  assert.match(page.card(), /asked in nats, not in bits/);
  write(field, '1,5 nats');
  button('Send').click();
  await settle();
  assert.equal(told(page, '/answers')[0].answer, 1.5);
  assert.deepEqual(kept('answers'), [null, null]);
  page.student.end('over');

  for (const next of [null, { ...NUMBER, open: false }]) {
    page = follow({ tab: { answers: typing } });
    page.tell(next);
    assert.deepEqual(kept('answers'), [null, null]);
    page.student.end('over');
  }
  page = follow({ tab: { answers: typing } });
  page.tell({ ...NUMBER, round: 2 });
  assert.equal(document.querySelector('.options input').value, ''); // it is asked anew
  page.student.end('over');
});

test('once it is shown a student reads what is right, how near counts, and which answers were', () => {
  const page = follow({ computer: { follows: { KX7M2P: { answers: { '1:1': 1.99 }, at: Date.now() } } } });
  page.tell(NUMBER);
  Stream.last.tell('rounds', {
    id: 1,
    round: 1,
    rounds: [
      [
        [1.5, 1],
        [1.99, 2],
        [2, 1],
      ],
    ],
  }); // prettier-ignore
  page.tell({ ...NUMBER, open: false, revealed: true, truth: 2, near: 0.01 });
  assert.match(page.card(), /You answered 1\.99\. Right is 2, give or take 0\.01\./);
  const right = [...document.querySelectorAll('.votes li.right')].map((one) => one.firstChild.textContent);
  assert.deepEqual(right, ['1.99 ✓ right', '2 ✓ right']);
  document.querySelector('.question .icon').click();
  assert.ok(!isShown(document.querySelector('.question')));
  page.tell({ ...NUMBER, id: 2 });
  assert.ok(isShown(document.querySelector('.question'))); // there is something new
  page.student.end('over');
});
