/* The interface words of one language, as the server's catalogue has them. `say` gives the text, with {name}s
 * filled in; what has no translation shows in English. */

let words = {};

export async function loadWords(languages) {
    const asked = new URLSearchParams(location.search).get('lang') || localStorage.getItem('quarter.language');
    const offered = languages.map((language) => language.code);
    const wished = [asked, ...navigator.languages.map((tag) => tag.split('-')[0]), offered[0]];
    const code = wished.find((tag) => offered.includes(tag)) || 'en';
    if (asked && offered.includes(asked)) localStorage.setItem('quarter.language', asked);
    const answer = await fetch(`/api/words/${code}`);
    if (answer.ok) words = await answer.json();
    const language = languages.find((each) => each.code === code);
    document.documentElement.lang = code;
    document.documentElement.dir = language ? language.direction : 'ltr';
    return code;
}

export function say(text, values = {}) {
    return (words[text] || text).replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}
