/* The view library, bound once: parts.js and session.js both stand on it. */
import htm from './vendor/htm.js';
import { h, render } from './vendor/preact.js';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from './vendor/hooks.js';

export const html = htm.bind(h);
export { render, useEffect, useLayoutEffect, useMemo, useRef, useState };
