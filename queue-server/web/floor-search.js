/* Finding what a visitor came for: by the name of a service in every language, by what else people call it, and by the
 * answers that need no queue. Pure. */

/* Accents, vowel marks and letters' shapes make no difference. */
const ALIKE = { '\u0142': 'l', '\u00f8': 'o', '\u00e6': 'ae', '\u00df': 'ss', '\u0623': '\u0627', '\u0625': '\u0627', '\u0622': '\u0627', '\u0649': '\u06cc',
    '\u064a': '\u06cc', '\u0643': '\u06a9', '\u0629': '\u0647', '\u06c1': '\u0647', '\u06be': '\u0647', '\u06ba': '\u0646' };

function fold(text) {
    const bare = text.toLowerCase().normalize('NFD').replace(/[\u0300-\u036f\u064b-\u065f\u0670\u0640'\u2019\u200b-\u200f]/g, '').normalize('NFC');
    return Array.from(bare, (letter) => ALIKE[letter] || letter).join('');
}

const wordsOf = (text) => fold(text).split(/[^\p{L}\p{M}\p{N}]+/u).filter(Boolean);

/* 0: begins a word; 1: stands inside one; else not there. Less is better. */
function grade(words, typed) {
    if (words.some((word) => word.startsWith(typed))) return 0;
    return typed.length >= 3 && words.some((word) => word.includes(typed)) ? 1 : Infinity;
}

/* [{text, words, worth}]: all that a service is known by; the reader's own words are worth most. */
function known(service, reader) {
    const texts = [];
    const add = (text, worth, shown) => text && texts.push({ text, words: wordsOf(text), worth, shown });
    for (const [language, text] of Object.entries(service.name)) add(text, language === reader ? 0 : 4, language !== reader);
    for (const [language, list] of Object.entries(service.also)) list.forEach((text) => add(text, language === reader ? 2 : 4, true));
    add(service.hint[reader] || service.hint.en, 6, false);
    return texts;
}

/* An index of the site, made once for each: the search then takes well below a millisecond. */
export function searchIndex(site, reader) {
    const services = site.services.map((service) => ({ kind: 'service', code: service.code, texts: known(service, reader) }));
    const leads = (code) => site.questions.find(({ answers }) => answers.some(({ signpost }) => signpost === code));
    const signposts = site.signposts.flatMap(({ code, title }) => {
        const question = leads(code);
        const service = question && site.services.find(({ questions }) => questions.includes(question.code));
        if (!service) return [];
        const answer = question.answers.find(({ signpost }) => signpost === code);
        const texts = [title, answer.name].flatMap((words) => Object.entries(words))
            .map(([language, text]) => ({ text, words: wordsOf(text), worth: language === reader ? 3 : 7, shown: false }));
        return [{ kind: 'signpost', code, service: service.code, avoidable: answer.avoidable, texts }];
    });
    return [...services, ...signposts];
}

/* The best that one typed word finds in an entry: {worth, text to tell why or null}. */
function best(entry, typed) {
    let found = { worth: Infinity, text: null };
    for (const { text, words, worth, shown } of entry.texts) {
        const sum = worth + 8 * grade(words, typed);
        if (sum < found.worth) found = { worth: sum, text: shown ? text : null };
    }
    return found;
}

/* [{kind: 'service' | 'signpost', code, because}], best first; all services, in the site's order, when nothing is typed. */
export function search(index, text) {
    const typed = wordsOf(text).slice(0, 6);
    if (typed.length === 0) return index.filter(({ kind }) => kind === 'service').map((entry) => ({ ...entry, because: null }));
    return index.map((entry, place) => {
        const found = typed.map((word) => best(entry, word));
        const because = found.find((each) => each.text);
        return { ...entry, place, because: because ? because.text : null, worth: found.reduce((sum, each) => sum + each.worth, 0) };
    }).filter(({ worth }) => worth < Infinity).sort((one, other) => one.worth - other.worth || one.place - other.place);
}
