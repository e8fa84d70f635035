/* What a person's browser gets instead of a problem document. It asks for its own address again, as a machine would,
 * and says the sentence of that problem in the reader's language. */
import { failed, html, Instead, render } from './parts.js';
import { loadWords, say } from './words.js';

async function start() {
    const [site, answer] = await Promise.all([fetch('/api/site'),
        fetch(location.href, { headers: { Accept: 'application/problem+json' } })]);
    if (!site.ok) throw new Error(`/api/site: ${site.status}`);
    if (answer.ok) { /* it has come right meanwhile */
        location.reload();
        return;
    }
    const problem = await answer.json();
    await loadWords((await site.json()).languages);
    document.title = `${say(problem.detail)} - Quarter`;
    render(html`<${Instead} what=${say(problem.detail)} then=${say('Nothing was changed. Choose a counter to go on.')}>
        <a class="button primary" href="/">${say('Choose your counter')}</a><//>`, document.getElementById('page'));
}

start().catch(failed);
