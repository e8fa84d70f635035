/* A ticket that was just issued, or is to be handed over again: printed at a kiosk, or shown to the visitor, large, in
 * their language, with the code for their phone. */
import { canPrint, printerText, printingText } from './floor-devices.js';
import { deviceName, useFocus, waitText } from './floor-parts.js';
import { useKeys } from './keys.js';
import { Modal } from './modal.js';
import { html, Key, useEffect, useState } from './parts.js';
import { QrCode } from './qr.js';
import { mark, say } from './words.js';

/* Which kiosk prints. What became of it comes with the view; a print of another desk since then is another's. */
export function PrintAt({ ticket, view, commands }) {
    const [asked, setAsked] = useState({}); /* kiosk -> the print's id */
    const kiosks = view.devices.filter(({ kind }) => kind === 'kiosk');
    const print = async ({ code }) => {
        const answer = await commands.run({ path: `/api/kiosks/${encodeURIComponent(code)}/print`, body: { ticket: ticket.id }, label: say('Print the ticket') });
        if (answer) setAsked((before) => ({ ...before, [code]: answer.body.print }));
    };
    if (kiosks.length === 0) return null;
    return html`<section class="print-at" aria-label=${say('Print the ticket')}>
        <div class="actions">${kiosks.map((device) => {
            const able = canPrint(device);
            const why = !device.connected ? say('not connected') : !device.printer ? say('no printer') : able ? '' : printerText(device.printer);
            return html`<button type="button" key=${device.code} class=${`${able ? '' : 'off'} ${commands.busy ? 'busy' : ''}`} aria-disabled=${!able}
                onClick=${() => able && print(device)}><span class="label">${say('Print at {device}', { device: deviceName(device) })}</span>${why && html`<span class="why">${why}</span>`}</button>`;
        })}</div>
        <div role="status">${kiosks.map(({ code, printing }) => asked[code] && html`<p key=${code} class=${printing && printing.id === asked[code] && printing.state === 'failed' ? 'wrong' : 'soft'}>
            ${printing && printing.id === asked[code] ? printingText(printing) : say('{number} is sent to the printer', { number: ticket.number })}</p>`)}</div>
    </section>`;
}

/* Words of another language than the page's; English until they are here. */
function useSay(language) {
    const [words, setWords] = useState({});
    useEffect(() => {
        if (!language) return;
        fetch(`/api/words/${encodeURIComponent(language)}`).then((answer) => (answer.ok ? answer.json() : {})).then(setWords).catch(() => {});
    }, [language]);
    return (text, values = {}) => (words[text] || text).replace(/\{(\w+)\}/g, (whole, name) => (name in values ? `\u2068${values[name]}\u2069` : whole));
}

/* The tablet is turned to the visitor: nothing on it but their own. */
export function ShowLarge({ ticket, site, language, onClose }) {
    const tell = useSay(language);
    const spoken = site.languages.find(({ code }) => code === language) || site.languages[0];
    const service = site.services.find(({ code }) => code === ticket.service);
    const area = service && service.area && site.areas.find(({ code }) => code === service.area);
    const inWords = (words) => words[spoken.code] || words.en || '';
    const { wait } = ticket;
    return html`<${Modal} kind="show-large" titled="large-number" onClose=${onClose} lang=${spoken.code} dir=${spoken.direction}>
        <p class="soft">${tell(mark('Your number is'))}</p>
        <p class="huge" id="large-number" dir="ltr" tabindex="-1" autofocus>${ticket.number}</p>
        ${service && html`<p class="large"><bdi>${inWords(service.name)}</bdi></p>`}
        ${wait && html`<p class="large">${tell(mark('Called in about'))} <bdi>${wait.low_min > 0 ? tell(mark('{low} to {high} min'), { low: wait.low_min, high: wait.high_min })
            : tell(mark('{high} min or less'), { high: wait.high_min })}</bdi></p>`}
        ${area && html`<p>${tell(mark('Please sit in the {area}.'), { area: inWords(area.name) })}</p>`}
        ${ticket.url && html`<figure><${QrCode} address=${ticket.url} label=${tell(mark('Scan this to see your place in line.'))} />
            <figcaption>${tell(mark('Scan this to see your place in line.'))}</figcaption></figure>`}
        <div class="actions"><button type="button" class="primary" onClick=${onClose}><bdi lang=${document.documentElement.lang}>${say('Close')}</bdi></button></div>
    <//>`;
}

/* Of a ticket that was issued by mistake; waits: only as long as it does. */
export const takingBack = ({ id, number }) => ({ path: `/api/tickets/${id}/leave`, body: {}, label: say('Take the ticket back'), done: say('{number} is taken back.', { number }), waits: id });

/* Straight after the issue. It goes on to the next visitor with one touch. */
export function TicketShown({ ticket, site, view, names, commands, onNext, onGone, onShow }) {
    const heading = useFocus(ticket.id);
    const takeBack = async () => {
        if (await commands.run(takingBack(ticket))) onGone();
    };
    const isLastStep = !(commands.told && commands.told.back); /* else the key takes back what was done since */
    const row = view.waiting.find(({ id }) => id === ticket.id);
    const waits = Boolean(row);
    const wait = (row && row.wait) || ticket.wait; /* the newest forecast, or that of the issue */
    const at = view.counters.find((counter) => counter.ticket && counter.ticket.id === ticket.id);
    useKeys([{ key: 'Enter', run: onNext }, { key: 'L', run: () => onShow(ticket) }, waits && isLastStep && { key: 'Z', run: takeBack }]);
    return html`<div class="issued">
        ${ticket.url && html`<figure class="beside-number"><${QrCode} address=${ticket.url} label=${say('Scan this to see your place in line.')} /></figure>`}
        <h2 id="shown-title" ref=${heading} tabindex="-1"><span class="soft">${say('Ticket issued')}</span> <span class="number" dir="ltr">${ticket.number}</span></h2>
        <p class="large"><bdi>${names.service(ticket.service)}</bdi></p>
        ${at ? html`<p class="drawn-word" role="status">${say('Called straight away: {counter}', { counter: names.counter(at.code) })}</p>`
            : html`<p>${wait ? say('Called in about') : `${say('People before')}:`} <strong>${wait ? waitText(wait) : ticket.ahead}</strong></p>`}
        ${ticket.nobody_serves && html`<p class="notice warn">${say('No counter offers this right now. Please also tell a member of staff.')}</p>`}
        <${PrintAt} ticket=${ticket} view=${view} commands=${commands} />
        <div class="actions">
            <button type="button" class="primary" onClick=${(event) => event.detail < 2 && onNext()}><span class="label">${say('Next visitor')} <${Key}>${say('Enter')}<//></span></button>
            <button type="button" onClick=${() => onShow(ticket)}><span class="label">${say('Show it large')} <${Key}>L<//></span></button>
            ${waits && html`<button type="button" class=${`quiet ${commands.busy ? 'busy' : ''}`} onClick=${takeBack}><span class="label">${say('Take the ticket back')} ${isLastStep && html`<${Key}>Z<//>`}</span></button>`}
        </div></div>`;
}
