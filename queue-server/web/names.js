/* How the pages of staff name things, all in the reader's language; codes that the site does not know (any more) as they
 * are. */
import { NEEDS } from './visitors.js';
import { say } from './words.js';

/* Made when somebody asks for the first of them: a browser takes 20 ms, which most pages need for their first picture. */
function once(make) {
    let made = null;
    return () => (made = made || make());
}

export function namesOf(site, language) {
    const languageNames = once(() => new Intl.DisplayNames([language, 'en'], { type: 'language' }));
    const lists = once(() => new Intl.ListFormat(language, { type: 'unit', style: 'short' }));
    const named = (list, code) => {
        const found = list.find((each) => each.code === code);
        return found ? found.name[language] || found.name.en || code : code;
    };
    const service = (code) => named(site.services, code);
    return {
        reader: language,
        service,
        services: (codes) => lists().format(codes.map(service)),
        counter: (code) => named(site.counters, code),
        need: (code) => (NEEDS[code] ? say(NEEDS[code]) : named(site.needs, code)), /* not "I have children with me" */
        text: (words) => words[language] || words.en || '',
        language: (code) => {
            try {
                return languageNames().of(code);
            } catch {
                return code;
            }
        },
        foreign: (code) => code && code !== site.languages[0].code,
    };
}
