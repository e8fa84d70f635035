/* Single keys of a page, and what a key that is held down may not do. */
import { useLayoutEffect, useRef } from './html.js';

/* The key that was pressed, whatever alphabet the keyboard writes: "R", " ", "Enter", "1". */
export function keyOf(event) {
    if (/^[\x20-\x7e]$/.test(event.key)) return event.key.toUpperCase();
    const place = /^(?:Key|Digit)(.)$/.exec(event.code);
    return place ? place[1] : event.key;
}

const presses = (event) => event.key === 'Enter' || event.key === ' ';

/* The browser presses the focused button, once: a key held down is not a row of commands, on the page as in a dialog. */
function pressOnce(event) {
    if (event.repeat && presses(event) && event.target.closest('button')) event.preventDefault();
}

/* After the next drawing: the first of these that is there; ifLost: unless something has the focus. */
export const focusIn = (selector, ifLost = false) => requestAnimationFrame(() => {
    const field = selector.split('|').map((each) => document.querySelector(each)).find(Boolean);
    if (field && (!ifLost || document.activeElement === document.body)) field.focus();
});

/* Keys work from anywhere on the page but where something is typed or chosen, and not behind a dialog. actions:
 * [{key, run}], of which some may be empty. Where several of these stand on a page, the first that knows the key has it. */
export function useKeys(actions) {
    const latest = useRef(null);
    latest.current = actions;
    useLayoutEffect(() => { /* a key that is in sight is taken */
        const onKey = (event) => {
            pressOnce(event);
            if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
            if (event.target.closest('input:not([type="checkbox"]), select, textarea, dialog')) return;
            if (presses(event) && event.target.closest('button, a, input')) return;
            const pressed = keyOf(event);
            const action = latest.current.find((each) => each && each.key === pressed);
            if (!action) return;
            event.preventDefault();
            if (!event.repeat) action.run();
        };
        addEventListener('keydown', onKey);
        return () => removeEventListener('keydown', onKey);
    }, []);
}
