/* Runs before all other scripts of the pages with a view of the queue: asks for what each of them needs, all at once,
 * so that it is there when they are. Nobody may be signed in, or somebody else: the page finds out from the session's
 * answer, as ever, and then looks at no other. */
import { askAhead } from './ahead.js';
import { viewAhead } from './tab-stream.js';
import { expectWords } from './words.js';

const STREAMS = { '/floor': '/api/floor/stream', '/manager': '/api/manager/stream' };

const [, place, number] = location.pathname.split('/');
askAhead('/api/session', { cache: 'no-store' });
askAhead('/api/site');
if (!place) askAhead('/api/counters');
if (place === 'counter') viewAhead(`/api/counters/${encodeURIComponent(decodeURIComponent(number))}/stream`);
else if (place) viewAhead(STREAMS[location.pathname]);
expectWords(); /* last: a browser may take its time to tell what it has kept of a language */
