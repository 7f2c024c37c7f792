/** Long work and files for Python: buttons that start it, how far it is, and a way to stop it. */

import { element } from './controls.js';

const CHUNK = 33000; // bytes; 44000 characters of base64, a third longer
const QUARTERS = 4; // of a job are spoken, not each step

/**
 * Bind the page's file inputs, job buttons and progress bars.
 * @param {any} spec
 * @param {(selector: string) => HTMLElement[]} find
 * @param {any} engine one that can `ask`
 * @param {(text: string) => void} say tells the reader what went wrong
 * @returns {() => void} paints the progress
 */
export function bindWork(spec, find, engine, say) {
  const senders = {};
  for (const place of find('[data-upload]')) {
    const name = place.dataset.upload;
    const choose = (file) => {
      if (!acceptable(file, spec.uploads[name], say)) return;
      senders[name]?.stop();
      senders[name] = fileSender(name, file, engine);
    };
    bindFile(place, choose);
  }
  for (const button of find('[data-action=job]')) {
    button.addEventListener('click', () => engine.ask({ start: button.dataset.name }));
  }
  const picks = find('[data-pick]').map((select) => bindPick(select, engine));
  const bars = find('[data-work]').map(bindBar(senders, engine));
  return () => {
    const { jobs = {}, arrived = {}, refused } = engine.progress;
    if (refused) {
      say(refused);
      for (const name of Object.keys(senders)) { senders[name].stop(); delete senders[name]; }
    }
    for (const [name, sender] of Object.entries(senders)) sender.go(arrived[name]);
    bars.forEach((paint) => paint(jobs, senders));
    picks.forEach((paint) => paint());
  };
}

/** A list whose options, and which is chosen, come with the frame: an explorer's `choices`. */
function bindPick(select, engine) {
  const { pick: name } = select.dataset;
  select.addEventListener('change', () => engine.ask({ start: name, given: select.value }));
  const paint = () => {
    const [options, chosen] = engine.frame.choices[name] ?? [[], ''];
    const listed = Array.from(select.options, (option) => option.value);
    if (JSON.stringify(listed) !== JSON.stringify(options)) {
      select.replaceChildren(...options.map((option) => element('option', { value: option }, option)));
    }
    select.value = chosen;
    select.closest('label').hidden = options.length === 0;
  };
  paint();
  return paint;
}

function bindFile(place, choose) {
  const input = place.querySelector('input');
  input.addEventListener('change', () => {
    if (input.files.length) choose(input.files[0]);
    input.value = ''; // so that the same file can be chosen again
  });
  place.addEventListener('dragover', (event) => { event.preventDefault(); place.classList.add('over'); });
  place.addEventListener('dragleave', () => place.classList.remove('over'));
  place.addEventListener('drop', (event) => {
    event.preventDefault();
    place.classList.remove('over');
    if (event.dataTransfer.files.length) choose(event.dataTransfer.files[0]);
  });
}

/** Whether Python will want a file; if not, the reader is told why before any byte is sent. */
function acceptable(file, [endings, most], say) {
  const megabytes = (bytes) => `${Number((bytes / 1e6).toFixed(1))} MB`;
  if (!endings.some((ending) => file.name.toLowerCase().endsWith(ending))) {
    say(`The file must end in ${endings.join(' or ')}; “${file.name.slice(0, 40)}” does not.`);
  } else if (file.size > most) {
    say(`A file may have ${megabytes(most)} at most; this one has ${megabytes(file.size)}.`);
  } else if (file.size === 0) {
    say('The file is empty.');
  } else {
    return true;
  }
  return false;
}

/** Sends a file chunk by chunk, each after Python has said how much of it has arrived. */
function fileSender(name, file, engine) {
  let sent = 0; // up to here, whether it has arrived or not
  let stopped = false; // another file may have taken its place while this one was read
  const send = async (offset) => {
    sent = Math.min(file.size, offset + CHUNK);
    try {
      const data = base64(new Uint8Array(await file.slice(offset, sent).arrayBuffer()));
      if (!stopped) engine.ask({ upload: { name, file: file.name, size: file.size, offset, data } });
    } catch {
      engine.ask({ cancel: name }); // the file was moved or changed meanwhile
    }
  };
  send(0);
  return {
    get fraction() { return sent / file.size; },
    stop() { stopped = true; },
    get done() { return sent === file.size; },
    go(arrived) { if (arrived === sent && sent < file.size) send(sent); },
  };
}

function base64(bytes) {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

function bindBar(senders, engine) {
  return (place) => {
    const { work: name } = place.dataset;
    const [bar, words, button] = place.children;
    let spoken = -1;
    button.addEventListener('click', () => { senders[name]?.stop(); delete senders[name]; engine.ask({ cancel: name }); place.hidden = true; });
    return (jobs) => {
      const sending = senders[name] && !senders[name].done && !jobs[name];
      const [fraction, text] = jobs[name] ?? (sending ? [senders[name].fraction, 'sending the file'] : []);
      place.hidden = fraction === undefined;
      if (place.hidden) { spoken = -1; return; }
      bar.value = fraction;
      const percent = [`${Math.round(100 * fraction)} %`, text].filter(Boolean).join(', ');
      words.firstChild.textContent = percent;
      const quarter = Math.floor(QUARTERS * fraction);
      if (quarter !== spoken) { spoken = quarter; words.lastChild.textContent = percent; }
    };
  };
}
