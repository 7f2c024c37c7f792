/** <bits-explorer name="kl" mu_p="0">: an explorer in a post, which loads when a reader comes near it. */

import { addressOf, queryOf, roomFor } from './attributes.js';
import { join, moveTo, stateLeft, themeFor, turn } from './frames.js';
import { nameOf } from './return.js';

const NEAR = '600px 0px'; // above and below the window
const PATIENCE = 3000; // ms until a page that says nothing, such as “not found”, is shown all the same

/**
 * The element, whose pages lie beside a script.
 * @param {string} script the address of it
 */
export function explorerElement(script) {
  const near = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting && target instanceof BitsExplorer) target.load();
      }
    },
    { rootMargin: NEAR },
  );

  class BitsExplorer extends HTMLElement {
    frame = document.createElement('iframe');
    sheet = new CSSStyleSheet(); // a host's policy may forbid styles in its page, not this one
    changes = new MutationObserver(() => this.changed());
    isLoaded = false;
    room = 0;
    height = 0;
    worn = '';
    asked = '';
    name = '';
    leave = () => false;

    constructor() {
      super();
      const shadow = this.attachShadow({ mode: 'open' });
      shadow.adoptedStyleSheets = [this.sheet];
      shadow.append(document.createElement('slot'));
      this.frame.addEventListener('load', () => setTimeout(() => this.unveil(), PATIENCE), { once: true });
    }

    connectedCallback() {
      this.worn = themeFor(this);
      this.hold();
      this.changes.observe(this, { attributes: true });
      near.observe(this);
      this.leave = join(this);
    }

    disconnectedCallback() {
      this.changes.disconnect();
      near.unobserve(this);
      this.leave();
    }

    get place() {
      return this;
    }

    get theme() {
      return this.getAttribute('theme') ?? 'auto';
    }

    /** Hold the room that the page will take. */
    hold() {
      const [height, view, controls] = ['height', 'view', 'controls'].map((one) => this.getAttribute(one));
      const room = roomFor({ height, view, controls });
      if (room !== this.room) this.resize(room);
      this.room = room;
    }

    /** The page says how high it is, so it is drawn. @param {number} height */
    fit(height) {
      this.resize(height);
      this.unveil();
    }

    /** Show the page instead of what stands for it, its picture say. */
    unveil() {
      this.frame.removeAttribute('class');
      this.shadowRoot?.querySelector('slot')?.remove();
    }

    /** @param {number} height */
    resize(height) {
      this.height = height;
      this.dress();
    }

    /** Have the post's theme, which a picture in the link follows, too. @param {string} theme */
    wear(theme) {
      if (theme === this.worn) return;
      this.worn = theme;
      this.dress();
    }

    dress() {
      this.sheet.replaceSync(
        `:host { display: block; position: relative; overflow: hidden }
        :host { height: ${this.height}px; color-scheme: ${this.worn} }
        :host([hidden]) { display: none }
        iframe { display: block; width: 100%; height: 100%; border: 0 }
        .unseen { position: absolute; inset: 0; opacity: 0 }`,
      );
    }

    /** @param {string} query */
    address(query) {
      const name = this.getAttribute('name') ?? 'index';
      return addressOf(script, name, { embed: '1', theme: themeFor(this) }, query);
    }

    load() {
      near.unobserve(this);
      if (this.isLoaded) return;
      this.isLoaded = true;
      this.asked = queryOf(this.attributes);
      this.name = nameOf(this, `${this.getAttribute('name')} ${this.asked}`);
      const { frame } = this;
      const left = stateLeft(this.name);
      const view = new URLSearchParams(this.asked);
      for (const [key, value] of new URLSearchParams(left)) view.set(key, value);
      frame.src = this.address(left ? view.toString() : this.asked);
      const words = this.textContent?.trim() || this.querySelector('img')?.alt;
      frame.title = this.getAttribute('title') ?? (words || 'Bits & Nats');
      frame.className = 'unseen';
      this.shadowRoot?.append(frame);
    }

    /** An attribute is another: the explorer moves there, the reader stays where they are. */
    changed() {
      this.hold();
      if (!this.isLoaded) return;
      const asked = `${this.getAttribute('name')} ${queryOf(this.attributes)}`;
      turn(this);
      if (asked === this.name.slice(this.name.indexOf(' ') + 1)) return;
      this.name = nameOf(this, asked);
      moveTo(this.frame, this.address(queryOf(this.attributes)));
    }
  }

  return BitsExplorer;
}
