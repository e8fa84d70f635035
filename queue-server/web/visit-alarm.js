/* A call that is heard and felt: a chime and the phone's motor, again every few seconds until somebody touches the page or
 * the call is over. Browsers let a page sound only after it was touched; the switch that asks for the chime is that touch. */

const EVERY_MS = 5000;
const MOST = 24; /* two minutes: then nobody has the phone in the hand */
const NOTES = [[659.25, 0], [523.25, 0.3], [783.99, 0.6]];
const SHAKES = [400, 150, 400, 150, 800];

let audio = null;
let timer = 0;

/* Called by a touch. true: it can sound now. */
export async function allowChime() {
    const Audio = window.AudioContext || window.webkitAudioContext;
    if (!Audio) return false;
    if (!audio) audio = new Audio();
    await audio.resume();
    chime(0.25);
    return audio.state === 'running';
}

export function forbidChime() {
    if (audio) audio.close();
    audio = null;
}

function chime(loudness) {
    if (!audio || audio.state !== 'running') return;
    for (const [hertz, after] of NOTES) {
        const start = audio.currentTime + after;
        const tone = audio.createOscillator();
        const gain = audio.createGain();
        tone.type = 'triangle'; /* a small loudspeaker has no low notes: overtones carry */
        tone.frequency.value = hertz;
        gain.gain.setValueAtTime(0, start);
        gain.gain.linearRampToValueAtTime(loudness, start + 0.02);
        gain.gain.exponentialRampToValueAtTime(0.001, start + 0.9);
        tone.connect(gain).connect(audio.destination);
        tone.start(start);
        tone.stop(start + 0.95);
    }
}

export function startAlarm() {
    stopAlarm();
    let count = 0;
    const round = () => {
        chime(0.9);
        if (navigator.vibrate) navigator.vibrate(SHAKES);
        count += 1;
        if (count < MOST) timer = setTimeout(round, EVERY_MS);
    };
    round();
}

export function stopAlarm() {
    clearTimeout(timer);
    if (navigator.vibrate) navigator.vibrate(0);
}

/* The screen stays on as long as the page is looked at, where the browser lets it; refused, it is as without. */
let lock = null;
let wanted = false;

async function takeLock() {
    if (!wanted || lock || document.hidden || !navigator.wakeLock) return;
    try {
        lock = await navigator.wakeLock.request('screen');
        lock.addEventListener('release', () => { lock = null; });
    } catch {
        lock = null; /* a low battery, mostly */
    }
}

export function keepAwake(wish) {
    wanted = wish;
    if (wish) {
        takeLock();
    } else if (lock) {
        lock.release();
        lock = null;
    }
}

document.addEventListener('visibilitychange', takeLock); /* hiding the page lets go of it */
