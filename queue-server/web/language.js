/* The language of the pages, for whoever sits here: kept by this browser. */
import { html } from './html.js';
import { LANGUAGES, say } from './words.js';

export function LanguageChoice({ languages = LANGUAGES, language }) {
    const choose = (event) => {
        const asked = new URLSearchParams(location.search); /* with the rest, such as where to go afterwards */
        asked.set('lang', event.target.value);
        location.search = asked.toString();
    };
    return html`<label class="language"><span class="soft">${say('Language')}</span>
        <select onChange=${choose}>${languages.map(({ code, name }) => html`
            <option key=${code} value=${code} lang=${code} selected=${code === language}>${name}</option>`)}</select></label>`;
}
