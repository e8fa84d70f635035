/* The pages of the way to a ticket: a question, and an answer that needs no queue. In the reader's language and, beneath
 * it, in the visitor's, so that the tablet can be shown. */
import { useKeys } from './keys.js';
import { html, Key } from './parts.js';
import { QrCode } from './qr.js';
import { canContinue, questionOf } from './triage.js';
import { say } from './words.js';

/* Both languages, the visitor's beneath, unless they are one. */
export function Both({ words, names, language, site }) {
    const own = names.text(words);
    const theirs = language && language !== names.reader ? words[language] : '';
    const { direction } = site.languages.find(({ code }) => code === language) || {};
    return html`<bdi>${own}</bdi>${theirs && theirs !== own && html`<span class="theirs" lang=${language} dir=${direction}>${theirs}</span>`}`;
}

function Typed({ question, walk, go, label }) {
    const number = question.kind === 'number';
    const onKey = (event) => {
        if (event.key !== 'Enter' || event.isComposing || event.repeat || (event.shiftKey && !number)) return;
        event.preventDefault();
        go('continue');
    };
    const common = { value: walk.typed, 'aria-label': label, autocomplete: 'off', onKeyDown: onKey,
        onInput: (event) => {
            go({ type: event.target.value });
        } };
    return number ? html`<input type="text" inputmode="numeric" maxlength=${question.digits} ...${common} />`
        : html`<textarea rows="3" maxlength=${question.letters} ...${common}></textarea>`;
}

export function Question({ site, names, walk, language, go, heading }) {
    const question = questionOf(site, walk);
    const chosen = walk.asked[walk.at].choices;
    const ready = canContinue(site, walk);
    const several = question.kind === 'several';
    const typed = question.kind === 'number' || question.kind === 'text';
    const choose = (code) => go({ choose: code });
    useKeys([...question.answers.map(({ code }, index) => ({ key: String(index + 1), run: () => choose(code) })),
        { key: 'S', run: () => go('skip') }, { key: 'Enter', run: () => ready && go('continue') }]);
    const goesOn = several || typed || ready;
    return html`<div class="step-head"><h2 ref=${heading} tabindex="-1"><${Both} words=${question.title} names=${names} language=${language} site=${site} /></h2>
            <p class="soft"><bdi>${names.service(walk.service)}</bdi></p></div>
        ${several && html`<p class="soft">${say('You can choose more than one.')}</p>`}
        <div class="answer-list">${question.answers.map(({ code, name }, index) => html`<button type="button" key=${code} aria-pressed=${chosen.includes(code)} onClick=${() => choose(code)}>
            <span class="words"><${Both} words=${name} names=${names} language=${language} site=${site} /></span> <${Key}>${index + 1}<//></button>`)}</div>
        ${typed && html`<${Typed} key=${question.code} question=${question} walk=${walk} go=${go} label=${names.text(question.title)} />`}
        <div class="actions">
            ${goesOn && html`<button type="button" class=${`primary ${ready ? '' : 'off'}`} aria-disabled=${!ready} onClick=${() => go('continue')}>${say('Continue')}</button>`}
            <button type="button" onClick=${() => go('skip')}><span class="label">${say('Skip this')} <${Key}>S<//></span></button>
            <button type="button" class="quiet" onClick=${() => go('back')}>${say('Back')}</button>
        </div>`;
}

export function Signpost({ signpost, site, names, language, go, heading, busy, onHelped }) {
    const { title, text, url } = signpost;
    useKeys([{ key: 'Enter', run: onHelped }]);
    return html`<div class="step-head"><h2 ref=${heading} tabindex="-1"><${Both} words=${title} names=${names} language=${language} site=${site} /></h2>
            <p><span class="pill tint">${say('no queue needed')}</span></p></div>
        <div class="signpost"><p><${Both} words=${text} names=${names} language=${language} site=${site} /></p>
            ${url && html`<figure><${QrCode} address=${url} label=${say('Scan this to open it on your phone')} /><figcaption dir="ltr">${url}</figcaption></figure>`}</div>
        <div class="actions">
            <button type="button" class=${`primary ${busy ? 'busy' : ''}`} onClick=${onHelped}><span class="label">${say('That helps: finish')} <${Key}>${say('Enter')}<//></span></button>
            <button type="button" onClick=${() => go('see-somebody')}>${say('See somebody all the same')}</button>
            <button type="button" class="quiet" onClick=${() => go('back')}>${say('Back')}</button>
        </div>`;
}
