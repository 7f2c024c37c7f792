/** For a post whose explorers are plain frames: each is as high as its page and has the post's theme. */

import { followAll } from './frames.js';

followAll();
