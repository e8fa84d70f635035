/* A new visitor: what they came for, the questions as the kiosk asks them, what they need, and then a ticket, an end at
 * the door, or a way that needs no queue. What was chosen is kept here while other panels are looked at. */
import { Answers } from './answers.js';
import { Chips, CLASSES, LanguageSelect, useFocus, waitText } from './floor-parts.js';
import { Question, Signpost } from './floor-questions.js';
import { search, searchIndex } from './floor-search.js';
import { takingBack, TicketShown } from './floor-show.js';
import { useKeys } from './keys.js';
import { html, Key, useEffect, useMemo, useRef, useState, waitClass } from './parts.js';
import { OUTCOMES } from './reasons.js';
import { begin, canAsk, outcomeOf, step } from './triage.js';
import { say } from './words.js';

/* walk: of triage.js; null while the service is chosen. level: the class by hand, or null: as the answers say. issued: the
 * ticket, once there is one. */
export const blankVisitor = (site) => ({ typed: '', walk: null, language: site.languages[0].code, level: null, atDoor: false, issued: null });

function WaitNow({ service, standard }) {
    if (!service) return null;
    if (service.nobody_serves) return html`<span class="pill late">${say('no counter today')}</span>`;
    const kind = service.wait ? waitClass(Math.floor((service.wait.low_min + service.wait.high_min) / 2), standard) : 'fine';
    return html`<span class=${`pill ${kind}`}>${waitText(service.wait)}</span>
        <span class="soft small">${say('Waiting: {count}', { count: service.waiting })}</span>`;
}

function Found({ entry, id, chosen, site, view, names, onChoose }) {
    if (entry.kind === 'signpost') {
        const { title } = site.signposts.find(({ code }) => code === entry.code);
        return html`<li id=${id} role="option" aria-selected=${chosen} onClick=${onChoose}>
            <span class="what"><strong><bdi>${names.text(title)}</bdi></strong></span>
            <span class="end"><span class="pill tint">${say('no queue needed')}</span></span></li>`;
    }
    const service = site.services.find(({ code }) => code === entry.code);
    return html`<li id=${id} role="option" aria-selected=${chosen} onClick=${onChoose}>
        <span class="what"><strong><bdi>${names.service(entry.code)}</bdi></strong>
            <span class="soft small"><bdi>${entry.because || names.text(service.hint)}</bdi></span></span>
        <span class="end"><${WaitNow} service=${view.services.find(({ code }) => code === entry.code)} standard=${site.standard.wait_min} /></span></li>`;
}

function Choose({ site, view, names, visitor, set, onService, onSignpost }) {
    const index = useMemo(() => searchIndex(site, names.reader), [site]);
    const found = search(index, visitor.typed);
    const [at, setAt] = useState(-1);
    const chosen = visitor.typed ? Math.max(0, Math.min(at, found.length - 1)) : Math.min(at, found.length - 1);
    const list = useRef(null);
    useEffect(() => {
        const option = list.current && list.current.querySelector('[aria-selected="true"]');
        if (option && at >= 0) option.scrollIntoView({ block: 'nearest' });
    }, [chosen]);
    const choose = (entry) => entry && (entry.kind === 'service' ? onService(entry.code) : onSignpost(entry));
    const onKey = (event) => {
        const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (move && found.length > 0) {
            event.preventDefault();
            setAt((Math.max(chosen, move > 0 ? -1 : 0) + move + found.length) % found.length);
        } else if (event.key === 'Enter' && !event.isComposing && !event.repeat) {
            event.preventDefault();
            choose(found[chosen]);
        } else if (event.key === 'Escape') {
            if (!visitor.typed) event.target.blur();
            set({ typed: '' });
            setAt(-1);
        }
    };
    const option = (place) => `found-${place}`;
    return html`<h2 id="new-title" tabindex="-1">${say('A new visitor')}</h2>
        <div class="choose-head">
            <label class="field"><span class="soft">${say('What is it about?')} <${Key}>N<//></span>
                <input id="find-service" type="text" autocomplete="off" role="combobox" aria-expanded="true" aria-controls="found" aria-autocomplete="list"
                    aria-activedescendant=${chosen >= 0 ? option(chosen) : null} value=${visitor.typed}
                    onInput=${(event) => { set({ typed: event.target.value.slice(0, 60) }); setAt(-1); }} onKeyDown=${onKey} /></label>
            <${LanguageSelect} site=${site} names=${names} value=${visitor.language} onChange=${(language) => set({ language })} none=${true} />
        </div>
        <ul id="found" class="found" role="listbox" ref=${list} aria-label=${say('Service')}>${found.map((entry, place) => html`<${Found} key=${`${entry.kind} ${entry.code}`}
            id=${option(place)} entry=${entry} chosen=${place === chosen} site=${site} view=${view} names=${names} onChoose=${() => choose(entry)} />`)}</ul>
        ${found.length === 0 && html`<p class="soft" role="status">${say('Nothing has this name. Try another word.')}</p>`}`;
}

const recording = (body, done) => ({ path: '/api/visits', body, label: say('Record the visit'), done });
const clean = (body) => Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null && value !== undefined));

/* How the visit ended without a queue: one touch each, of which none is the second of a doubled one before. */
function AtDoor({ onOutcome, onClose, busy }) {
    return html`<section class="at-door" aria-labelledby="door-title">
        <h3 id="door-title">${say('How did it end at the door?')}</h3>
        <div class="actions">${OUTCOMES.map(({ code, label }) => html`<button type="button" key=${code} class=${busy ? 'busy' : ''} onClick=${(event) => event.detail < 2 && onOutcome(code)}>${say(label)}</button>`)}
            <button type="button" class="quiet" onClick=${onClose}>${say('Cancel')}</button></div></section>`;
}

function Ready({ site, view, names, visitor, set, go, outcome, level, commands, onIssue, onOutcome, heading }) {
    const { walk } = visitor;
    const service = view.services.find(({ code }) => code === outcome.service);
    useKeys([{ key: 'Enter', run: onIssue }]);
    return html`<div class="step-head"><h2 ref=${heading} tabindex="-1"><bdi>${names.service(outcome.service)}</bdi></h2>
            <p class="ready-wait"><${WaitNow} service=${service} standard=${site.standard.wait_min} /></p></div>
        ${service && service.nobody_serves && html`<p class="notice warn" role="status">${say('No counter offers this today. Issue the ticket only if you know who will see the visitor.')}</p>`}
        <${LanguageSelect} site=${site} names=${names} value=${visitor.language} onChange=${(language) => set({ language })} none=${true} />
        <${Chips} legend=${say('What the visitor needs')} name="needs" several=${true} chosen=${outcome.needs} onToggle=${(need) => go({ need })}
            choices=${site.needs.map(({ code }) => ({ code, label: names.need(code) }))} />
        <${Chips} legend=${say('How soon')} name="class" chosen=${level} onToggle=${(code) => set({ level: code })}
            choices=${CLASSES.map(({ code, label }) => ({ code, label: say(label) }))} />
        <${Answers} ticket=${outcome} site=${site} language=${names.reader} />
        ${canAsk(site, walk) && html`<button type="button" class="quiet" onClick=${() => go('questions')}>${say('Ask the questions')}</button>`}
        ${visitor.atDoor ? html`<${AtDoor} busy=${commands.busy} onOutcome=${onOutcome} onClose=${() => set({ atDoor: false })} />`
            : html`<div class="actions">
            <button type="button" class=${`primary ${commands.busy ? 'busy' : ''}`} onClick=${onIssue}><span class="label">${say('Issue the ticket')} <${Key}>${say('Enter')}<//></span></button>
            <button type="button" onClick=${() => set({ atDoor: true })}>${say('Done at the door')}</button>
            <button type="button" class="quiet" onClick=${() => go('back')}>${say('Back')}</button>
        </div>`}`;
}

/* The steps once a service is chosen. */
function Walk({ site, view, names, visitor, set, commands, onDone }) {
    const { walk } = visitor;
    const heading = useFocus(`${walk.page} ${walk.page === 'question' ? walk.asked[walk.at].question : ''}`);
    const outcome = outcomeOf(site, walk);
    const level = visitor.level || outcome.class;
    const go = (move) => set({ walk: step(site, walk, move), atDoor: false });
    useKeys([{ key: 'Escape', run: () => (visitor.atDoor ? set({ atDoor: false }) : go('back')) }]);
    const record = async (body, done) => {
        const answer = await commands.run(recording(clean(body), done));
        if (answer) onDone();
    };
    const issue = async () => {
        const body = clean({ ...outcome, language: visitor.language, class: level === 'normal' ? null : level });
        const answer = await commands.run({ path: '/api/tickets', body, label: say('Issue the ticket') });
        if (answer) set({ issued: answer.body });
    };
    const { service, avoidable } = outcome;
    const { language } = visitor;
    if (walk.page === 'question') return html`<${Question} site=${site} names=${names} walk=${walk} language=${language} go=${go} heading=${heading} />`;
    if (walk.page === 'signpost') {
        const signpost = site.signposts.find(({ code }) => code === walk.signpost);
        return html`<${Signpost} signpost=${signpost} names=${names} site=${site} language=${language} go=${go} heading=${heading} busy=${commands.busy}
            onHelped=${() => record({ kind: 'signposted', service, signpost: walk.signpost, language, avoidable }, say('Recorded: signposted.'))} />`;
    }
    return html`<${Ready} site=${site} view=${view} names=${names} visitor=${visitor} set=${set} go=${go} outcome=${outcome} level=${level} commands=${commands}
        heading=${heading} onIssue=${issue} onOutcome=${(code) => record({ kind: 'resolved_at_door', service, outcome: code, language, avoidable }, say('Recorded: done at the door.'))} />`;
}

/* A signpost that was found by its name: as if the question that leads there had been answered so. */
function leadTo(site, entry) {
    const question = site.questions.find(({ answers }) => answers.some(({ signpost }) => signpost === entry.code));
    const answer = question.answers.find(({ signpost }) => signpost === entry.code);
    let walk = begin(site, entry.service);
    while (walk.page === 'question' && walk.asked[walk.at].question !== question.code) walk = step(site, walk, 'skip');
    return walk.page === 'question' ? step(site, walk, { choose: answer.code }) : walk;
}

export function NewVisitor({ site, view, names, visitor, setVisitor, commands, onShow }) {
    const set = (more) => setVisitor((before) => ({ ...before, ...more }));
    const again = () => setVisitor(blankVisitor(site));
    const next = () => { /* a mistake is seen a moment later, mostly */
        const { issued } = visitor;
        if (!(commands.told && commands.told.back)) commands.tell({ kind: 'calm', text: say('{number} is issued.', { number: issued.number }), back: takingBack(issued) });
        again();
    };
    useKeys([{ key: 'N', run: () => {
        if (visitor.issued) next();
        requestAnimationFrame(() => { /* once it is there */
            const field = document.querySelector('#find-service') || document.querySelector('.new-visitor h2');
            if (field) field.focus();
        });
    } }]);
    if (visitor.issued) {
        return html`<section class="new-visitor" aria-labelledby="shown-title">
            <${TicketShown} ticket=${visitor.issued} site=${site} view=${view} names=${names} commands=${commands} onNext=${next} onGone=${again} onShow=${onShow} /></section>`;
    }
    return html`<section class="new-visitor" aria-label=${say('A new visitor')}>${visitor.walk
        ? html`<${Walk} site=${site} view=${view} names=${names} visitor=${visitor} set=${set} commands=${commands} onDone=${again} />`
        : html`<${Choose} site=${site} view=${view} names=${names} visitor=${visitor} set=${set}
            onService=${(code) => set({ walk: begin(site, code), level: null })} onSignpost=${(entry) => set({ walk: leadTo(site, entry), level: null })} />`}</section>`;
}
