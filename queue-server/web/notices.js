/* Notices for the displays: made from templates, so that they read well in every language of the centre; each is seen in
 * all of them before it is shown. Used by whoever may post one. */
import { Modal } from './modal.js';
import { clockText, html, Key, useEffect, useState } from './parts.js';
import { ToldHere } from './told.js';
import { mark, say } from './words.js';

/* What each says; with a service and minutes where the template has a place for them. */
const TEMPLATES = [
    { code: 'delay', name: mark('Waits are longer'), plain: mark('Waits are longer than usual just now. Thank you for your patience.'),
      withMinutes: mark('Waits are about {minutes} minutes longer than usual just now.'), withService: mark('{service}: waits are longer than usual just now.'),
      withBoth: mark('{service}: waits are about {minutes} minutes longer than usual just now.') },
    { code: 'short_of_staff', name: mark('Fewer staff'), plain: mark('Fewer of us are here today than planned, so waits may be longer.'),
      withService: mark('{service}: fewer of us are here today than planned, so waits may be longer.') },
    { code: 'service_paused', name: mark('Service paused'), plain: mark('One of our services is paused. Please ask a member of staff.'),
      withService: mark('{service} is paused. Your place is kept.'), withMinutes: mark('One of our services is paused for about {minutes} minutes.'),
      withBoth: mark('{service} is paused for about {minutes} minutes. Your place is kept.') },
    { code: 'closing_early', name: mark('Closing early'), plain: mark('We close early today. Please ask a member of staff.'), withMinutes: mark('We close early today, in {minutes} minutes.'),
      withService: mark('{service} closes early today.'), withBoth: mark('{service} closes early today, in {minutes} minutes.') },
    { code: 'fire_test', name: mark('Fire alarm test'), plain: mark('The fire alarm will be tested. You need not leave.'), withMinutes: mark('The fire alarm will be tested in {minutes} minutes. You need not leave.') },
    { code: 'system_down', name: mark('Systems down'), plain: mark('Our computer systems are not working. We are still here to help; it may take longer.'),
      withService: mark('{service}: our computer systems are not working. It may take longer.') },
    { code: 'wait_outside', name: mark('Wait outside'), plain: mark('You may wait outside. Please come back when your number is near.') },
];

const UNTIL = [30, 60, 120, 240];

/* The sentence of a notice, by what it names; what its template has no place for is left out. */
function sentenceOf({ template, service, minutes }) {
    const found = TEMPLATES.find(({ code }) => code === template);
    if (!found) return template; /* of a newer server */
    return (service && minutes && found.withBoth) || (service && found.withService) || (minutes && found.withMinutes) || found.plain;
}

/* As whoever reads this page is told it. */
function noticeText(notice, names) {
    return say(sentenceOf(notice), { service: notice.service ? names.service(notice.service) : '', minutes: notice.minutes || 0 });
}

/* The notice in another language, of that language's words: places filled, each isolated where words run from the right. */
function textIn(notice, words, language, site) {
    const service = site.services.find(({ code }) => code === notice.service);
    const values = { service: service ? service.name[language.code] || service.name.en : '', minutes: notice.minutes || 0 };
    const sentence = sentenceOf(notice);
    return ((words && words[sentence]) || sentence).replace(/\{(\w+)\}/g, (whole, name) => (name in values ? `\u2068${values[name]}\u2069` : whole));
}

/* The words of all languages of the centre, fetched once they are wanted: {code: words}. */
function useAllWords(languages) {
    const [all, setAll] = useState({});
    useEffect(() => {
        let gone = false;
        for (const { code } of languages) {
            fetch(`/api/words/${code}`).then((answer) => (answer.ok ? answer.json() : null)).then((words) => gone || setAll((before) => ({ ...before, [code]: words })))
                .catch(() => {});
        }
        return () => {
            gone = true;
        };
    }, []);
    return all;
}

function Preview({ notice, site }) {
    const all = useAllWords(site.languages);
    return html`<section class="preview" aria-labelledby="preview-title"><h3 id="preview-title">${say('As the displays show it')}</h3>
        <dl tabindex="0" aria-labelledby="preview-title">${site.languages.map((language) => html`<div key=${language.code}>
            <dt><bdi lang=${language.code}>${language.name}</bdi></dt>
            <dd lang=${language.code} dir=${language.direction}>${textIn(notice, all[language.code], language, site)}</dd></div>`)}</dl></section>`;
}

/* The notices that are shown now, with the way to end each and to post another. */
export function Notices({ view, names, commands, onNew, newKey = 'N' }) {
    const list = view.notices;
    const withdraw = ({ id, template, service, minutes, until }) => commands.run({ path: `/api/notices/${id}/withdraw`, body: {}, label: say('Withdraw'), done: say('The notice is not shown any more.'),
        back: { path: '/api/notices', body: { template, ...(service ? { service } : {}), ...(minutes ? { minutes } : {}), ...(until ? { until } : {}) }, label: say('Undo'),
            done: say('The displays show the notice.') } });
    return html`<section class="card notices" aria-labelledby="notices-title">
        <div class="card-head"><h2 id="notices-title">${say('Notices')}</h2>
            ${view.day_open && html`<button type="button" class="small-button" aria-keyshortcuts=${newKey} onClick=${onNew}>${say('New notice')} <${Key}>${newKey}<//></button>`}</div>
        ${list.length === 0 ? html`<p class="soft">${say('The displays show none.')}</p>`
        : html`<ul class="notice-list">${list.map((each) => html`<li key=${each.id}><p>${noticeText(each, names)}
                ${each.until && html` <span class="soft small">${say('until {time}', { time: clockText(Date.parse(each.until), view) })}</span>`}</p>
            <button type="button" class=${`small-button ${commands.busy ? 'busy' : ''}`} aria-disabled=${Boolean(commands.busy)}
                aria-label=${say('Withdraw: {what}', { what: noticeText(each, names) })} onClick=${() => withdraw(each)}>${say('Withdraw')}</button></li>`)}</ul>`}
    </section>`;
}

function Fields({ template, draft, change, site, names }) {
    return html`<div class="fields">
        ${(template.withService || template.withBoth) && html`<label>${say('Service')}
            <select value=${draft.service} onChange=${(event) => change({ service: event.target.value })}>
                <option value="">${say('All services')}</option>
                ${site.services.map(({ code }) => html`<option key=${code} value=${code}>${names.service(code)}</option>`)}</select></label>`}
        ${(template.withMinutes || template.withBoth) && html`<label>${say('Minutes (may be left empty)')}
            <input type="number" min="1" max="240" step="1" inputmode="numeric" value=${draft.minutes} onInput=${(event) => change({ minutes: event.target.value })} /></label>`}
        <label>${say('Shown for')}
            <select value=${draft.until} onChange=${(event) => change({ until: event.target.value })}>
                ${UNTIL.map((minutes) => html`<option key=${minutes} value=${String(minutes)}>${say('{minutes} min', { minutes })}</option>`)}
                <option value="">${say('the rest of the day')}</option></select></label>
    </div>`;
}

/* What the draft comes to, as the server wants it; minutes that are no number from 1 to 240 are left out. */
function noticeOf(draft, template) {
    const minutes = Number(draft.minutes);
    return {
        template: draft.template, service: template.withService || template.withBoth ? draft.service : '',
        minutes: (template.withMinutes || template.withBoth) && Number.isInteger(minutes) && minutes >= 1 && minutes <= 240 ? minutes : 0,
    };
}

export function NoticeDialog({ site, names, nowMs, commands, onClose }) {
    const [draft, setDraft] = useState({ template: 'delay', service: '', minutes: '', until: '60' });
    const change = (part) => setDraft((before) => ({ ...before, ...part }));
    const template = TEMPLATES.find(({ code }) => code === draft.template);
    const notice = noticeOf(draft, template);
    const post = async () => {
        const body = { template: notice.template, ...(notice.service ? { service: notice.service } : {}), ...(notice.minutes ? { minutes: notice.minutes } : {}),
            ...(draft.until ? { until: new Date(nowMs + Number(draft.until) * 60000).toISOString() } : {}) };
        const back = (answer) => ({ path: `/api/notices/${answer.id}/withdraw`, body: {}, label: say('Undo'), done: say('The notice is not shown any more.') });
        if (await commands.run({ path: '/api/notices', body, label: say('Show it'), done: say('The displays show the notice.'), back })) onClose();
    };
    return html`<${Modal} kind="dialog notice-dialog" titled="notice-title" onClose=${onClose}>
        <h2 id="notice-title">${say('New notice')}</h2>
        <${ToldHere} commands=${commands} />
        <div class="dialog-body">
            <fieldset><legend>${say('What is it about?')}</legend><div class="choices">${TEMPLATES.map(({ code, name }) => html`<label key=${code}>
                <input type="radio" name="template" value=${code} checked=${draft.template === code} onChange=${() => change({ template: code })} /><span>${say(name)}</span></label>`)}</div></fieldset>
            <${Fields} template=${template} draft=${draft} change=${change} site=${site} names=${names} />
            <${Preview} notice=${notice} site=${site} />
        </div>
        <div class="actions"><button type="button" class=${`primary ${commands.busy ? 'busy' : ''}`} aria-disabled=${Boolean(commands.busy)} onClick=${post}>${say('Show it')}</button>
            <button type="button" onClick=${onClose}>${say('Cancel')}</button></div>
    <//>`;
}
