/* When somebody is called to a counter whose member of staff looks elsewhere: the tab says so, and two soft tones (which
 * a call for help at a kiosk has, too). */
import { useEffect, useRef } from './parts.js';

let audio = null;

/* Browsers let a page sound only after somebody used it: the first key or click opens the way. */
function prepare() {
    if (!audio && window.AudioContext) audio = new AudioContext();
}

export function sound() {
    if (!audio || audio.state !== 'running') return;
    [[523.25, 0], [659.25, 0.18]].forEach(([hertz, after]) => {
        const start = audio.currentTime + after;
        const tone = audio.createOscillator();
        const gain = audio.createGain();
        tone.frequency.value = hertz;
        gain.gain.setValueAtTime(0, start);
        gain.gain.linearRampToValueAtTime(0.15, start + 0.02);
        gain.gain.exponentialRampToValueAtTime(0.001, start + 0.5);
        tone.connect(gain).connect(audio.destination);
        tone.start(start);
        tone.stop(start + 0.55);
    });
}

/* Sounds when a visitor comes to a counter that was ready; true while they were called so and are not served yet. */
export function useAttention(view, title) {
    const before = useRef(null); /* was the counter ready in the last view? */
    const called = useRef('');
    const ticket = view && view.ticket;
    if (view && view !== before.current) {
        const wasReady = before.current && before.current.counter.ready_since && !before.current.ticket;
        const free = ticket && ticket.reason.code.startsWith('free_counter');
        if (ticket && ticket.state === 'called' && (wasReady || (free && called.current !== ticket.id))) {
            if (called.current !== ticket.id && before.current) sound();
            called.current = ticket.id;
        }
        before.current = view;
    }
    const draws = Boolean(ticket && ticket.state === 'called' && called.current === ticket.id);
    useEffect(() => {
        addEventListener('keydown', prepare);
        addEventListener('pointerdown', prepare);
        return () => {
            removeEventListener('keydown', prepare);
            removeEventListener('pointerdown', prepare);
        };
    }, []);
    useEffect(() => {
        document.title = `${draws ? `(!) ${ticket.number} - ` : ''}${title} - Quarter`;
    }, [draws, ticket && ticket.number, title]);
    return draws;
}
