// Entry of pages with exhibits: starts Python at once, while the page itself is still being read.
import { start } from './python/life.js';

start();
