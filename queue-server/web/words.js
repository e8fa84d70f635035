/* The interface words of one language, as the server's catalogue has them. `say` gives the text, with {name}s
 * filled in; what has no translation shows in English. */

let words = null;
let rightToLeft = false;

/* Marks a text that a table holds, so that it is gathered for the translators; say() looks it up later. */
export const mark = (text) => text;

/* What the catalogue has: for pages that are shown before anybody may ask for the site. */
export const LANGUAGES = [
    { code: 'en', name: 'English', direction: 'ltr' }, { code: 'pl', name: 'Polski', direction: 'ltr' },
    { code: 'so', name: 'Soomaali', direction: 'ltr' }, { code: 'ar', name: '\u0627\u0644\u0639\u0631\u0628\u064a\u0629', direction: 'rtl' },
    { code: 'ur', name: '\u0627\u0631\u062f\u0648', direction: 'rtl' }, { code: 'bn', name: '\u09ac\u09be\u0982\u09b2\u09be', direction: 'ltr' },
    { code: 'pa', name: '\u0a2a\u0a70\u0a1c\u0a3e\u0a2c\u0a40', direction: 'ltr' }, { code: 'gu', name: '\u0a97\u0ac1\u0a9c\u0ab0\u0abe\u0aa4\u0ac0', direction: 'ltr' },
    { code: 'hi', name: '\u0939\u093f\u0928\u094d\u0926\u0940', direction: 'ltr' },
];

/* From now on. false: there are none, and English is said. */
export async function useWords(code, direction) {
    const answer = await fetch(`/api/words/${code}`);
    words = answer.ok ? await answer.json() : null;
    document.documentElement.lang = code;
    rightToLeft = direction === 'rtl';
    document.documentElement.dir = rightToLeft ? 'rtl' : 'ltr';
    return answer.ok;
}

export async function loadWords(languages = LANGUAGES) {
    const asked = new URLSearchParams(location.search).get('lang') || localStorage.getItem('quarter.language');
    const offered = languages.map((language) => language.code);
    const wished = [asked, ...navigator.languages.map((tag) => tag.split('-')[0]), offered[0]];
    const code = wished.find((tag) => offered.includes(tag)) || 'en';
    if (asked === code) localStorage.setItem('quarter.language', asked);
    const language = languages.find((each) => each.code === code);
    await useWords(code, language ? language.direction : 'ltr');
    return code;
}

/* In right-to-left words each value stands isolated, so that "H07" and "10:42" keep their order. */
export function say(text, values = {}) {
    const filled = (name) => (rightToLeft ? `\u2068${values[name]}\u2069` : String(values[name]));
    const known = words ? words[text] : text;
    if (!known) console.warn(`no words for "${text}"`); /* the tests of the pages fail on it */
    return (known || text).replace(/\{(\w+)\}/g, (whole, name) => (name in values ? filled(name) : whole));
}
