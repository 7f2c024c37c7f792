/** For a post: <bits-explorer>, and plain frames too. The pages lie beside this script. */

import { explorerElement } from './element.js';
import { followAll } from './frames.js';

const running = document.currentScript ?? document.querySelector('script[src*="bits.js"]');
const beside = running instanceof HTMLScriptElement ? running.src : document.baseURI;
if (!customElements.get('bits-explorer')) customElements.define('bits-explorer', explorerElement(beside));
followAll();
