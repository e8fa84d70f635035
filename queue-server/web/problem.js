/* What a person's browser gets instead of a problem document. It asks for its own address again, as a machine would,
 * and says the sentence of that problem in the reader's language. */
import { failed, html, Instead, render } from './parts.js';
import { loadWords, say } from './words.js';

async function start() {
    const [answer] = await Promise.all([fetch(location.href, { headers: { Accept: 'application/problem+json' } }), loadWords()]);
    if (answer.ok) { /* it has come right meanwhile */
        location.reload();
        return;
    }
    const problem = await answer.json();
    document.title = `${say(problem.detail)} - Quarter`;
    render(html`<${Instead} what=${say(problem.detail)} then=${say('Nothing was changed. Choose a counter to go on.')}>
        <a class="button primary" href="/">${say('Choose your counter')}</a><//>`, document.getElementById('page'));
}

start().catch(failed);
