/** Long work and files for Python: buttons that start it, how far it is, and a way to stop it. */

import { element, findAll, findOne } from './elements.js';

const CHUNK = 33000; // bytes; 44000 characters of base64, a third longer
const QUARTERS = 4; // of a job are spoken, not each step

/**
 * Bind the page's file inputs, job buttons and progress bars.
 * @param {Find} find
 * @param {PythonEngine} engine
 * @param {(message: Message) => void} tell
 * @returns {() => void} paints the progress
 */
export function bindWork(find, engine, tell) {
  /** @type {Senders} */
  const senders = {};
  for (const place of find('[data-upload]')) {
    const name = place.dataset.upload ?? '';
    /** @param {File} file */
    const choose = (file) => {
      senders[name]?.stop();
      senders[name] = fileSender(name, file, engine);
    };
    bindFile(place, choose);
  }
  for (const button of find('[data-action=job]')) {
    button.addEventListener('click', () => engine.ask({ start: button.dataset.name }));
  }
  /** @type {HTMLSelectElement[]} */
  const lists = find('[data-pick]');
  const picks = lists.map((list) => bindPick(list, engine));
  const bars = find('[data-work]').map((place) => bindBar(place, senders, engine));
  return () => {
    const { jobs = {}, arrived = {}, refused, dropped = '' } = engine.progress;
    if (refused) {
      tell(refused);
      senders[dropped]?.stop();
      delete senders[dropped];
    }
    for (const [name, sender] of Object.entries(senders)) sender.go(arrived[name]);
    for (const paint of bars) paint(jobs);
    for (const paint of picks) paint();
  };
}

/**
 * A list whose options, and which is chosen, come with the frame: an explorer's `choices`.
 * @param {HTMLSelectElement} select
 * @param {PythonEngine} engine
 */
function bindPick(select, engine) {
  const { pick: name = '' } = select.dataset;
  select.addEventListener('change', () => engine.ask({ start: name, given: select.value }));
  const label = select.closest('label');
  const paint = () => {
    const [options, chosen] = engine.frame.choices[name] ?? [[], ''];
    const listed = Array.from(select.options, (option) => option.value);
    if (JSON.stringify(listed) !== JSON.stringify(options)) {
      select.replaceChildren(...options.map((option) => element('option', { value: option }, option)));
    }
    select.value = chosen;
    if (label) label.hidden = options.length === 0;
  };
  paint();
  return paint;
}

/**
 * @param {HTMLElement} place
 * @param {(file: File) => void} choose
 */
function bindFile(place, choose) {
  /** @param {FileList | null | undefined} files */
  const take = (files) => {
    if (files?.length) choose(files[0]);
  };
  /** @type {HTMLInputElement} */
  const input = findOne('input', place);
  input.addEventListener('change', () => {
    take(input.files);
    input.value = ''; // so that the same file can be chosen again
  });
  place.addEventListener('dragover', (event) => {
    event.preventDefault();
    place.classList.add('over');
  });
  place.addEventListener('dragleave', () => place.classList.remove('over'));
  place.addEventListener('drop', (event) => {
    event.preventDefault();
    place.classList.remove('over');
    take(event.dataTransfer?.files);
  });
}

/** @typedef {Record<string, ReturnType<typeof fileSender>>} Senders */

/**
 * Sends a file chunk by chunk, each after Python has said how much of it has arrived.
 * @param {string} name
 * @param {File} file
 * @param {PythonEngine} engine
 */
function fileSender(name, file, engine) {
  let sent = 0; // up to here, whether it has arrived or not
  let stopped = false; // another file may have taken its place while this one was read
  /** @param {number} offset */
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
    get fraction() {
      return sent / file.size;
    },
    stop() {
      stopped = true;
    },
    get done() {
      return sent === file.size;
    },
    /** @param {number | undefined} arrived */
    go(arrived) {
      if (arrived === sent && sent < file.size) send(sent);
    },
  };
}

/** @param {Uint8Array} bytes */
function base64(bytes) {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

/**
 * How far a job or a file is: as a bar, as text and, a quarter at a time, aloud.
 * @param {HTMLElement} place
 * @param {Senders} senders
 * @param {PythonEngine} engine
 * @returns {(jobs: NonNullable<Progress['jobs']>) => void}
 */
function bindBar(place, senders, engine) {
  const { work: name = '' } = place.dataset;
  /** @type {HTMLProgressElement} */
  const bar = findOne('progress', place);
  const [seen, heard] = findAll('.aside > span', place);
  let spoken = -1;
  findOne('button', place).addEventListener('click', () => {
    senders[name]?.stop();
    delete senders[name];
    engine.ask({ cancel: name });
    place.hidden = true;
  });
  return (jobs) => {
    const progress = jobs[name] ?? sendingOf(senders[name]);
    place.hidden = !progress;
    if (!progress) {
      spoken = -1;
      return;
    }
    const [fraction, text] = progress;
    bar.value = fraction;
    const percent = [`${Math.round(100 * fraction)} %`, text].filter(Boolean).join(', ');
    seen.textContent = percent;
    const quarter = Math.floor(QUARTERS * fraction);
    if (quarter !== spoken) {
      spoken = quarter;
      heard.textContent = percent;
    }
  };
}

/**
 * How far a file is on its way, until all of it is sent.
 * @param {Senders[string] | undefined} sender
 * @returns {[fraction: number, words: string] | null}
 */
function sendingOf(sender) {
  return sender && !sender.done ? [sender.fraction, 'sending the file'] : null;
}
