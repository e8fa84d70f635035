/* The visitor's own page: number, place, how long it may take, and that it is their turn, so that nobody can miss it. Made
 * for a cheap phone: no library, one document that replaces the last, nothing but what is needed. The page is built
 * once and its texts are changed, so that a finger, a reader of the screen and the focus stay where they are. */
import { act, follow } from './visit-live.js';
import { allowChime, forbidChime, keepAwake, startAlarm, stopAlarm } from './visit-alarm.js';
import { LANGUAGES, say, useWords } from './words.js';

const token = location.pathname.split('/')[2] || '';
const path = `/api/visits/${encodeURIComponent(token)}`;
const HOLDS = [5, 10, 15, 30];

const state = {
    view: null, heardMs: 0, connected: true, gone: false, language: '', words: '', /* words: of which language they are */
    holding: false, sending: false, notice: '', chimes: false, alarmed: '', quiet: false,
};

/* --- the page ---------------------------------------------------------------------------------- */

function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
        else if (value !== false) element.setAttribute(name, value === true ? '' : value);
    }
    element.append(...children);
    return element;
}

const button = (kind, onclick, more = {}) => make('button', { type: 'button', class: kind, onclick, ...more });

const ui = {
    site: make('span', { class: 'site' }),
    languageWord: make('span', { class: 'heard' }),
    languages: make('select', { onchange: (event) => chooseLanguage(event.target.value) }),
    lost: make('p', { class: 'notice warn', role: 'status' }),
    numberWord: make('span', { class: 'soft number-word' }),
    number: make('bdi', { class: 'visit-number', dir: 'ltr' }),
    service: make('p', { class: 'visit-service' }),
    turn: make('div', { class: 'turn', role: 'alert' }),
    say: make('p', { class: 'say', role: 'status' }),
    detail: make('p', { class: 'detail' }),
    onMyWay: button('primary', () => hush()),
    chime: button('switch', () => switchChime(), { 'aria-pressed': 'false' }),
    chimeWhy: make('p', { class: 'soft why-chime' }),
    release: button('primary', () => send('unhold', {})),
    hold: button('', () => openHolds(!state.holding), { 'aria-expanded': 'false', 'aria-controls': 'holds' }),
    holdsWhy: make('p', { class: 'soft' }),
    holdChoices: make('div', { class: 'choices' }),
    holds: make('div', { id: 'holds', class: 'holds' }),
    leave: button('quiet', () => ui.dialog.showModal()),
    notice: make('p', { class: 'notice', role: 'status' }),
    question: make('h2', { id: 'question' }),
    questionWhy: make('p'),
    stay: button('primary', () => ui.dialog.close()),
    leaveNow: button('danger', () => { ui.dialog.close(); send('leave', {}); }),
    dialog: make('dialog', { class: 'dialog', 'aria-labelledby': 'question' }),
    main: make('main', { class: 'visit' }),
};

function build() {
    ui.holdChoices.append(...HOLDS.map((minutes) => button('choice', () => send('hold', { minutes }), { 'data-minutes': minutes })));
    ui.holds.append(ui.holdsWhy, ui.holdChoices);
    ui.dialog.append(ui.question, ui.questionWhy, make('div', { class: 'choices' }, ui.stay, ui.leaveNow));
    ui.main.append(
        make('h1', {}, ui.numberWord, ui.number), ui.service, ui.turn, ui.say, ui.detail, ui.onMyWay, ui.notice,
        make('div', { class: 'visit-actions' }, ui.chime, ui.chimeWhy, ui.release, ui.hold, ui.holds, ui.leave),
    );
    document.getElementById('page').append(
        make('header', { class: 'visit-bar' }, ui.site, make('label', { class: 'language' }, ui.languageWord, ui.languages)),
        ui.lost, ui.main, ui.dialog,
    );
}

const put = (element, text) => {
    if (element.textContent !== text) element.textContent = text;
};
/* Shown with its words, or not at all. */
const show = (element, text) => {
    element.hidden = !text;
    put(element, text || '');
};

/* --- what it says ------------------------------------------------------------------------------- */

const named = (names) => (names ? names[state.language] || names.en || Object.values(names)[0] : '');

function clock(text) {
    return new Date(Date.parse(text) + state.view.utc_offset_s * 1000).toISOString().slice(11, 16);
}

function waitText(view) {
    if (view.nobody_serves) return say('Nobody at the counters can help with this just now. Please ask a member of staff.');
    if (view.held_until) return say('Others go first until {time}. Your place is kept.', { time: clock(view.held_until) });
    if (!view.wait) {
        return view.late ? say('It is taking longer than we said. You have not been forgotten.')
            : say('We cannot say just now how long it will take.');
    }
    return view.wait.low_min > 0 ? say('About {low} to {high} minutes more', { low: view.wait.low_min, high: view.wait.high_min })
        : say('At most about {high} minutes more', { high: view.wait.high_min });
}

function placeText(view) {
    if (view.held_until) return '';
    return view.place === 1 ? say('You are next') : say('Your place in line: {place}', { place: view.place });
}

const ENDS = {
    served: () => say('Your visit is over. Thank you for coming.'),
    left: () => say('You have left the queue.'),
    not_here: () => say('You were called, but nobody came. Please ask a member of staff.'),
};

/* [the large words, the small ones] */
function stateTexts(view) {
    switch (view.state) {
    case 'waiting': return [placeText(view) || waitText(view), placeText(view) ? waitText(view) : ''];
    case 'called': return ['', view.recalls > 0 ? say('We are calling you again') : ''];
    case 'serving': return [say('You are being served'), named(view.counter)];
    case 'parked': return [say('Please stay near: you will be served again soon.'), ''];
    default: return [(ENDS[view.ended] || ENDS.served)(), view.ended === 'not_here' ? '' : say('This page has forgotten your visit. You may close it.')];
    }
}

function titleText(view) {
    if (view.state === 'called') return `(!) ${view.number}: ${say('It is your turn')}`;
    const [large] = stateTexts(view);
    return `${isForgotten(view) ? '' : `${view.number} - `}${large}`;
}

/* Nobody who finds the phone tomorrow reads more than that there was a visit. */
const isForgotten = (view) => view.state === 'ended' && view.ended !== 'not_here';

function lostText() {
    if (state.connected || !state.view) return state.connected || state.gone ? '' : say('No connection yet. We keep trying.');
    const values = { time: clock(new Date(state.heardMs + state.offsetMs).toISOString()), minutes: Math.floor((Date.now() - state.heardMs) / 60000) };
    return values.minutes < 1 ? say('No connection just now. What you see is from {time}.', values)
        : say('No connection for {minutes} min. What you see is from {time}. Please watch the screens in the room.', values);
}

function drawSteps(view) {
    const waits = view.state === 'waiting';
    const canHold = waits && view.can_hold;
    const may = waits || view.state === 'parked';
    ui.chime.hidden = !may;
    ui.chime.setAttribute('aria-pressed', String(state.chimes));
    put(ui.chime, state.chimes ? say('The chime is on') : say('Chime when it is my turn'));
    show(ui.chimeWhy, may && say('Keep this page open. When it is your turn it changes colour and shakes your phone.'));
    show(ui.release, canHold && view.held_until ? say('I am ready now') : '');
    show(ui.hold, canHold ? say('Let others go first') : '');
    ui.hold.setAttribute('aria-expanded', String(state.holding));
    ui.holds.hidden = !canHold || !state.holding;
    put(ui.holdsWhy, say('For how long? You keep your place, and will not be called before then.'));
    for (const choice of ui.holdChoices.children) put(choice, say('{minutes} min', { minutes: choice.dataset.minutes }));
    show(ui.leave, waits && view.can_leave ? say('Leave the queue') : '');
    put(ui.question, say('Leave the queue?'));
    put(ui.questionWhy, say('Your number will not be called any more. If you come back later, you need a new ticket.'));
    put(ui.stay, say('Stay in the queue'));
    put(ui.leaveNow, say('Leave the queue'));
    if (ui.dialog.open && !(waits && view.can_leave)) ui.dialog.close();
    for (const each of [...ui.holdChoices.children, ui.release, ui.hold, ui.leave]) each.setAttribute('aria-disabled', String(state.sending));
}

/* An alert is read out when its words come: they are put only when they change. */
function drawTurn(view) {
    const where = named(view.counter);
    const words = view.state === 'called' ? [say('It is your turn'), where && say('Please go to {counter}', { counter: where })].filter(Boolean) : [];
    ui.turn.hidden = words.length === 0;
    const key = words.join('\n') + view.recalls;
    if (ui.turn.dataset.key === key) return;
    ui.turn.dataset.key = key;
    ui.turn.replaceChildren(...words.map((word, index) => make('p', { class: index === 0 ? 'turn-word' : 'turn-where' }, word)));
}

function drawGone() {
    document.body.dataset.state = 'ended';
    ui.main.hidden = false;
    show(ui.numberWord, state.view ? named(state.view.site) : 'Quarter');
    for (const each of [ui.number, ui.service, ui.turn, ui.lost, ui.onMyWay, ui.notice, ui.chime, ui.chimeWhy, ui.release, ui.hold, ui.holds, ui.leave]) each.hidden = true;
    show(ui.say, say('This visit is over, or there is none at this address.'));
    show(ui.detail, say('If you still wait, please ask a member of staff.'));
    document.title = `${ui.say.textContent} - Quarter`;
}

function drawLanguages() {
    const list = (state.view && state.view.languages) || LANGUAGES;
    const codes = list.map(({ code }) => code).join();
    if (ui.languages.dataset.codes !== codes) {
        ui.languages.dataset.codes = codes;
        ui.languages.replaceChildren(...list.map(({ code, name }) => make('option', { value: code, lang: code }, name)));
    }
    ui.languages.value = state.language;
    put(ui.languageWord, say('Language'));
}

function draw() {
    if (!state.words) return; /* they are on their way */
    drawLanguages();
    if (state.gone) {
        drawGone();
        return;
    }
    show(ui.lost, lostText());
    const view = state.view;
    ui.main.hidden = !view;
    if (!view) return;
    const forgotten = isForgotten(view);
    document.body.dataset.state = view.state;
    document.body.dataset.lost = String(!state.connected);
    put(ui.site, named(view.site));
    show(ui.numberWord, forgotten ? named(view.site) : say('Your number'));
    show(ui.number, forgotten ? '' : view.number);
    ui.number.dataset.long = String(view.number.length > 4);
    show(ui.service, forgotten ? '' : named(view.service));
    const [large, small] = stateTexts(view);
    show(ui.say, large);
    show(ui.detail, small);
    drawTurn(view);
    show(ui.onMyWay, view.state === 'called' && !state.quiet ? say('I am on my way') : '');
    show(ui.notice, state.sending ? say('Sending…') : state.notice);
    drawSteps(view);
    document.title = `${titleText(view)} - ${named(view.site)}`;
}

/* --- what happens ------------------------------------------------------------------------------- */

/* Each call and each recall sounds anew. */
function mind(view) {
    const call = view.state === 'called' ? `${view.called_at} ${view.recalls}` : '';
    if (call && call !== state.alarmed) {
        state.quiet = false;
        startAlarm();
    } else if (!call && state.alarmed) {
        stopAlarm();
    }
    state.alarmed = call;
    keepAwake(view.state === 'waiting' || view.state === 'called');
    if (view.state !== 'waiting') state.holding = false;
}

function hush() {
    state.quiet = true;
    stopAlarm();
    draw();
}

/* What is over is forgotten: by the page, by its address, by the language that was chosen. */
function forget() {
    following.stop();
    stopAlarm();
    forbidChime();
    sessionStorage.removeItem('quarter.visit.language');
    history.replaceState(null, '', '/t/over');
}

async function hear(message) {
    if ('connected' in message) state.connected = message.connected;
    if (message.connected) state.heardMs = Date.now();
    if (message.view) {
        state.offsetMs = Date.parse(message.view.now) - Date.now();
        state.view = message.view;
        mind(message.view);
    }
    if (message.gone) {
        state.gone = true;
        stopAlarm();
        keepAwake(false);
    }
    if (!state.words && (state.view || state.gone || !state.connected)) await chooseLanguage(firstLanguage());
    draw();
    if (state.view && isForgotten(state.view)) forget();
}

function firstLanguage() {
    const offered = ((state.view && state.view.languages) || LANGUAGES).map(({ code }) => code);
    const wished = [new URLSearchParams(location.search).get('lang'), sessionStorage.getItem('quarter.visit.language'),
        state.view && state.view.language, ...(navigator.languages || []).map((tag) => tag.split('-')[0]), 'en'];
    return wished.find((code) => offered.includes(code)) || offered[0];
}

let asked = '';
async function chooseLanguage(code) {
    if (asked === code) return;
    asked = code;
    if (state.words) sessionStorage.setItem('quarter.visit.language', code);
    const known = ((state.view && state.view.languages) || LANGUAGES).find((each) => each.code === code);
    try {
        if (!(await useWords(code, known ? known.direction : 'ltr'))) throw new Error('no words');
    } catch {
        asked = '';
        if (!state.words) setTimeout(() => chooseLanguage(code), 2000);
        draw();
        return;
    }
    state.language = state.words = code;
    draw();
}

function openHolds(open) {
    if (state.sending) return;
    state.holding = open;
    draw();
}

async function send(verb, body) {
    if (state.sending) return;
    state.sending = true;
    state.notice = '';
    draw();
    const answer = await act(`${path}/${verb}`, body);
    state.sending = false;
    state.holding = false;
    if (answer.ok) Object.assign(state.view, { held_until: answer.body.held_until }); /* until the next view says so */
    else if (answer.status === 404) await hear({ gone: true });
    else state.notice = say(answer.body && answer.body.detail ? answer.body.detail : 'That did not work. Try again.');
    draw();
}

async function switchChime() {
    if (state.chimes) forbidChime();
    state.chimes = !state.chimes && (await allowChime());
    draw();
}

build();
const following = follow(path, hear);
setInterval(draw, 5000); /* the age of what is shown */
document.addEventListener('visibilitychange', () => {
    if (!document.hidden && (!state.connected || Date.now() - state.heardMs > 20000)) following.again();
});
addEventListener('offline', () => hear({ connected: false }));
addEventListener('online', () => following.again());
addEventListener('pagehide', () => following.pause());
addEventListener('pageshow', (shown) => shown.persisted && following.again());
