/** Movements that the page plays by itself, a step a frame; one run is one step of Undo. */

import { findAll, isOff, setOff } from './elements.js';

/**
 * Bring each group of player buttons to life.
 * @param {Record<string, string>} players the flag that ends each, by gesture
 * @param {HTMLElement[]} places
 * @param {Engine} engine
 * @param {(state: State) => void} remember called with the state before a run
 */
export function bindPlayers(players, places, engine, remember) {
  const bound = places.map((place) => ({
    gesture: place.dataset.player ?? '',
    buttons: findAll('button', place),
  }));
  const names = bound.map(({ buttons }) => buttons[0].textContent);
  /** @type {string | null} */
  let run = null; // the gesture under way
  let plays = false; // or pauses, where there is a run
  let due = 0;

  /** @param {string} gesture */
  const over = (gesture) => Boolean(engine.frame.flags[players[gesture]]);
  /** @param {string} gesture @param {'end' | null} [how] */
  const step = (gesture, how = null) => {
    if (run !== gesture) remember(engine.frame.state);
    run = gesture;
    engine.send([[gesture, how]]);
  };
  const pause = () => {
    plays = false;
    cancelAnimationFrame(due);
    due = 0;
    paint();
  };
  const end = () => {
    run = null;
    pause();
  };
  /** @param {string} gesture */
  const play = (gesture) => {
    const again = plays && run === gesture;
    pause();
    if (again) return;
    const atOnce = matchMedia('(prefers-reduced-motion: reduce)').matches;
    plays = !atOnce;
    step(gesture, atOnce ? 'end' : null);
  };

  /** Once a frame has been painted, ask for the next. */
  const follow = () => {
    if (run && (over(run) || engine.frame.messages.some(({ key }) => key === run))) run = null;
    if (!run) plays = false;
    if (plays && !due)
      due = requestAnimationFrame(() => {
        due = 0;
        if (plays && run) step(run);
      });
    paint();
  };
  const paint = () =>
    bound.forEach(({ gesture, buttons: [main, one, stop] }, place) => {
      const said = plays && run === gesture ? 'Pause' : names[place];
      if (main.textContent !== said) main.textContent = said;
      setOff(main, over(gesture));
      setOff(one, over(gesture));
      setOff(stop, run !== gesture);
    });

  for (const {
    gesture,
    buttons: [main, one, stop],
  } of bound) {
    main.addEventListener('click', () => {
      if (!isOff(main)) play(gesture);
    });
    one.addEventListener('click', () => {
      if (!isOff(one)) {
        pause();
        step(gesture);
      }
    });
    stop.addEventListener('click', () => {
      if (!isOff(stop)) end();
    });
  }
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) pause();
  });
  return { follow, end, plays: () => plays };
}
