/* After a visit the next one is called by itself, where somebody wants it so: this browser keeps it, the page shows it
 * always, and one key switches it. */
import { html, Key, useEffect, useState } from './parts.js';
import { say } from './words.js';

const NAME = 'quarter.next-by-itself';

export function useNextByItself() {
    const [on, setOn] = useState(localStorage.getItem(NAME) === 'on');
    useEffect(() => {
        const onChange = (event) => event.key === NAME && setOn(event.newValue === 'on'); /* in another tab */
        addEventListener('storage', onChange);
        return () => removeEventListener('storage', onChange);
    }, []);
    const turn = () => {
        localStorage.setItem(NAME, on ? 'off' : 'on');
        setOn(!on);
    };
    return [on, turn];
}

export function NextByItself({ on, onTurn }) {
    return html`<button type="button" role="switch" class="switch" aria-checked=${on} aria-keyshortcuts="X" onClick=${onTurn}>
        <span class="track" aria-hidden="true"><span class="knob"></span></span>
        <span class="grow">${say('After a visit, call the next by itself')}</span>
        <strong aria-hidden="true">${on ? say('on') : say('off')}</strong> <${Key}>X<//>
    </button>`;
}
