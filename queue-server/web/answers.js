/* What the visitor answered at the kiosk, as words: the question's title and the chosen answers' names, in the reader's
 * language; what was typed as it was typed. Codes that the site does not know (any more) are shown as they came. */
import { html } from './parts.js';
import { mark, say } from './words.js';

/* Why a contact need not have happened: a site names its own reasons, and these are the common ones. */
const AVOIDABLE = {
    chasing: mark('is waiting for an answer from us'), repeat: mark('has told us before'),
    not_settled: mark('was here before, and it was not put right'), unclear_letter: mark('did not understand our letter'),
    wrong_place: mark('was sent to the wrong place'),
};

const inWords = (texts, language) => (texts && (texts[language] || texts.en)) || '';

function answerWords(question, value, language) {
    const known = question && question.answers.find((each) => each.code === value);
    return (known && inWords(known.name, language)) || String(value);
}

/* [{code, title, words: [..], typed}] in the order of the site's questions. */
function answered(site, language, answers) {
    const questions = site.questions || [];
    const place = (code) => questions.findIndex((each) => each.code === code) >>> 0; /* -1: last */
    return Object.entries(answers).sort(([one], [other]) => place(one) - place(other)).map(([code, value]) => {
        const question = questions.find((each) => each.code === code);
        return {
            code, title: (question && inWords(question.title, language)) || code,
            words: [value].flat().map((each) => answerWords(question, each, language)),
        };
    });
}

/* The reason in words: the site's own in this language, or the common ones'; of a reason without either, what was answered
 * to be counted so; and at the last its code, which reads as words too. */
function avoidableWords(site, language, ticket) {
    const code = ticket.avoidable;
    const own = (site.avoidable_names || {})[code];
    if (own && own[language]) return own[language];
    if (AVOIDABLE[code]) return say(AVOIDABLE[code]);
    if (own && own.en) return own.en;
    for (const question of site.questions || []) {
        const chosen = [(ticket.answers || {})[question.code]].flat();
        const why = question.answers.find((each) => each.avoidable === code && chosen.includes(each.code));
        if (why) return inWords(why.name, language);
    }
    return code.replaceAll('_', ' ');
}

/* What staff may say at the end of a visit: the site's reasons, the common ones, and what this visitor came with. */
export function avoidableChoices(site, language, ticket) {
    const codes = new Set([...(ticket.avoidable ? [ticket.avoidable] : []), ...(site.avoidable_reasons || []), ...Object.keys(AVOIDABLE)]);
    return [...codes].map((code) => ({ code, words: avoidableWords(site, language, { avoidable: code, answers: ticket.answers }) }));
}

export function Answers({ ticket, site, language }) {
    const rows = answered(site, language, ticket.answers || {});
    if (rows.length === 0 && !ticket.avoidable) return null;
    return html`<section class="answers" aria-label=${say('What the visitor told us')}>
        ${ticket.avoidable && html`<p class="avoidable">${say('Avoidable contact: {reason}', { reason: avoidableWords(site, language, ticket) })}</p>`}
        ${rows.length > 0 && html`<dl>${rows.map(({ code, title, words }) => html`<div key=${code}>
            <dt><bdi>${title}</bdi></dt>${words.map((each) => html`<dd key=${each}><bdi>${each}</bdi></dd>`)}</div>`)}</dl>`}
    </section>`;
}
